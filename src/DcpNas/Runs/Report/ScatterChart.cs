namespace DcpNas.Runs.Report;

/// <summary>Pairs of measurements as dots, as self-contained SVG.</summary>
public sealed record ScatterChart
{
    private const double Top = 46;
    private const double BottomHeight = 40;
    private const double CharacterWidth = 6.4;
    private const double Room = 0.06;
    private const string MarkColour = "#d9304f";

    /// <summary>What the chart shows.</summary>
    public required string Title { get; init; }

    /// <summary>The pairs, each with what it stands for; those that are not finite are left out.</summary>
    public required IReadOnlyList<(double X, double Y, string Name)> Points { get; init; }

    /// <summary>A pair that stands out, or null.</summary>
    public (double X, double Y, string Name)? Mark { get; init; }

    /// <summary>Whether a line joins the Pareto front: the pairs that no other beats in y at the same x or less.</summary>
    public bool HasFront { get; init; }

    /// <summary>The largest x that is allowed, as a dashed line where it lies within the chart; null for none.</summary>
    public double? Limit { get; init; }

    /// <summary>What the x axis counts.</summary>
    public required string XLabel { get; init; }

    /// <summary>What the y axis counts.</summary>
    public required string YLabel { get; init; }

    /// <summary>Width in units of the drawing.</summary>
    public double Width { get; init; } = 560;

    /// <summary>Height in units of the drawing.</summary>
    public double Height { get; init; } = 340;

    /// <summary>The SVG element.</summary>
    public string Render()
    {
        var svg = new SvgBuilder();
        svg.Text(0, 14, Title, "class=\"t\"");
        var shown = Points.Where(IsFinite).ToList();
        if (shown.Count == 0)
        {
            return svg.Text(0, 36, "no data yet").Document(Width, 60, Title);
        }

        var mark = Mark is { } marked && IsFinite(marked) ? Mark : null;
        var all = mark is { } one ? [.. shown, one] : shown;
        svg.Text(0, Top - 10, YLabel, "class=\"s\"");
        var (bottom, right) = (Height - BottomHeight, Width - 8);
        var (low, high) = Axis.Around([.. all.Select(point => point.Y)], Room);
        var y = new Axis(low, high, false, bottom, Top - bottom);
        var ticks = y.Ticks(6);
        var left = 12 + (ticks.Max(tick => tick.Label.Length) * CharacterWidth);
        var (first, last) = Axis.Around([.. all.Select(point => point.X)], Room);
        var x = new Axis(first, last, false, left, right - left);
        foreach (var (value, label) in ticks)
        {
            svg.Add($"<path class=\"g\" d=\"M{left} {y.Map(value)}H{right}\"/>");
            svg.Text(left - 6, y.Map(value) + 4, label, "class=\"e s\"");
        }

        foreach (var (value, label) in x.Ticks(7))
        {
            svg.Add($"<path class=\"a\" d=\"M{x.Map(value)} {bottom}v4\"/>");
            svg.Text(x.Map(value), bottom + 17, label, "class=\"m s\"");
        }

        svg.Add($"<path class=\"a\" d=\"M{left} {bottom}H{right}\"/>");
        svg.Text(right, Height - 6, XLabel, "class=\"e s\"");
        if (Limit is { } limit && limit >= first && limit <= last)
        {
            svg.Add($"<path d=\"M{x.Map(limit)} {Top}V{bottom}\" fill=\"none\" stroke=\"{MarkColour}\" stroke-dasharray=\"5 4\"><title>{SvgBuilder.Escape($"limit: {Units.Number(limit)}")}</title></path>");
        }

        if (HasFront)
        {
            var path = new SvgBuilder();
            foreach (var point in Front(all))
            {
                _ = path.ToString().Length == 0 ? path.Add($"M{x.Map(point.X)} {y.Map(point.Y)}") : path.Add($"H{x.Map(point.X)}V{y.Map(point.Y)}");
            }

            svg.Add($"<path d=\"{path.ToString()}\" fill=\"none\" stroke=\"{ChartStyle.Palette[0]}\" stroke-width=\"1.5\"/>");
        }

        foreach (var point in shown)
        {
            Dot(svg, x, y, point, 3, ChartStyle.Palette[0]);
        }

        if (mark is { } found)
        {
            Dot(svg, x, y, found, 6, MarkColour);
        }

        return svg.Document(Width, Height, Title);
    }

    /// <summary>The pairs that no other beats, x ascending: y ascends too.</summary>
    internal static IReadOnlyList<(double X, double Y, string Name)> Front(IEnumerable<(double X, double Y, string Name)> points)
    {
        var front = new List<(double X, double Y, string Name)>();
        foreach (var point in points.OrderBy(point => point.X).ThenByDescending(point => point.Y))
        {
            if (front.Count == 0 || point.Y > front[^1].Y)
            {
                front.Add(point);
            }
        }

        return front;
    }

    private static bool IsFinite((double X, double Y, string Name) point) => double.IsFinite(point.X) && double.IsFinite(point.Y);

    private static void Dot(SvgBuilder svg, Axis x, Axis y, (double X, double Y, string Name) point, double radius, string colour) => svg.Add(
        $"<circle cx=\"{x.Map(point.X)}\" cy=\"{y.Map(point.Y)}\" r=\"{radius}\" fill=\"{colour}\" fill-opacity=\"0.6\"><title>{SvgBuilder.Escape($"{point.Name}: {Units.Number(point.Y)} at {Units.Number(point.X)}")}</title></circle>");
}
