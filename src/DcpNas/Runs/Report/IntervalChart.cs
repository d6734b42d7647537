namespace DcpNas.Runs.Report;

/// <summary>Means with their intervals over a cost, as self-contained SVG: accuracy against operations.</summary>
/// <remarks>A group is a mean with its interval (a thick dot and a whisker) and the single measurements (small dots).</remarks>
public sealed record IntervalChart
{
    private const double LegendRow = 18;
    private const double BottomHeight = 40;
    private const double CharacterWidth = 6.4;
    private const double Room = 0.06;

    /// <summary>What the chart shows.</summary>
    public required string Title { get; init; }

    /// <summary>The groups.</summary>
    public required IReadOnlyList<IntervalGroup> Groups { get; init; }

    /// <summary>What the x axis counts.</summary>
    public required string XLabel { get; init; }

    /// <summary>What the y axis counts.</summary>
    public required string YLabel { get; init; }

    /// <summary>Width in units of the drawing.</summary>
    public double Width { get; init; } = 760;

    /// <summary>Height in units of the drawing, without the legend.</summary>
    public double Height { get; init; } = 400;

    /// <summary>The SVG element.</summary>
    public string Render()
    {
        var svg = new SvgBuilder();
        svg.Text(0, 14, Title, "class=\"t\"");
        var shown = Groups.Where(group => group.Points.Count > 0).ToList();
        if (shown.Count == 0)
        {
            return svg.Text(0, 36, "no data yet").Document(Width, 60, Title);
        }

        var top = DrawLegend(svg, shown) + 24;
        svg.Text(0, top - 8, YLabel, "class=\"s\"");
        var bottom = top + Height - BottomHeight;
        var (low, high) = Axis.Around([.. shown.SelectMany(group => group.Points.Select(point => point.Y)), .. shown.SelectMany(group => Ends(group))], Room);
        var y = new Axis(low, high, false, bottom, top - bottom);
        var ticks = y.Ticks(6);
        var left = 12 + (ticks.Max(tick => tick.Label.Length) * CharacterWidth);
        var (first, last) = Axis.Around([.. shown.SelectMany(group => group.Points.Select(point => point.X))], Room);
        var x = new Axis(first, last, false, left, Width - left - 8);
        foreach (var (value, label) in ticks)
        {
            svg.Add($"<path class=\"g\" d=\"M{left} {y.Map(value)}H{Width - 8}\"/>");
            svg.Text(left - 6, y.Map(value) + 4, label, "class=\"e s\"");
        }

        foreach (var (value, label) in x.Ticks(8))
        {
            svg.Add($"<path class=\"a\" d=\"M{x.Map(value)} {bottom}v4\"/>");
            svg.Text(x.Map(value), bottom + 17, label, "class=\"m s\"");
        }

        svg.Add($"<path class=\"a\" d=\"M{left} {bottom}H{Width - 8}\"/>");
        svg.Text(Width - 8, bottom + 34, XLabel, "class=\"e s\"");
        for (var index = 0; index < shown.Count; index++)
        {
            Draw(svg, shown[index], Colour(index), x, y);
        }

        return svg.Document(Width, bottom + BottomHeight, Title);
    }

    private static string Colour(int index) => ChartStyle.Palette[index % ChartStyle.Palette.Count];

    private static IEnumerable<double> Ends(IntervalGroup group) => group is { Low: { } low, High: { } high } ? [low, high] : [];

    private static void Draw(SvgBuilder svg, IntervalGroup group, string colour, Axis x, Axis y)
    {
        foreach (var (px, py, name) in group.Points)
        {
            svg.Add($"<circle cx=\"{x.Map(px)}\" cy=\"{y.Map(py)}\" r=\"2.6\" fill=\"{colour}\" fill-opacity=\"0.55\"><title>{SvgBuilder.Escape($"{group.Name}, {name}: {Units.Number(py)} at {Units.Number(px)}")}</title></circle>");
        }

        var (mx, my) = (x.Map(group.Points.Average(point => point.X)), y.Map(group.Points.Average(point => point.Y)));
        if (group is { Low: { } low, High: { } high })
        {
            svg.Add($"<path class=\"l\" stroke=\"{colour}\" d=\"M{mx} {y.Map(low)}V{y.Map(high)}M{mx - 4} {y.Map(low)}h8M{mx - 4} {y.Map(high)}h8\"/>");
        }

        svg.Add($"<circle cx=\"{mx}\" cy=\"{my}\" r=\"5\" fill=\"{colour}\"><title>{SvgBuilder.Escape(group.Name)}</title></circle>");
    }

    private double DrawLegend(SvgBuilder svg, List<IntervalGroup> groups)
    {
        double x = 0, y = 36;
        for (var index = 0; index < groups.Count; index++)
        {
            var value = Units.Number(Math.Round(groups[index].Points.Average(point => point.Y), 4));
            var width = 18 + ((groups[index].Name.Length + 1 + value.Length) * CharacterWidth) + 14;
            if (x > 0 && x + width > Width)
            {
                (x, y) = (0, y + LegendRow);
            }

            svg.Add($"<circle cx=\"{x + 5}\" cy=\"{y - 4}\" r=\"5\" fill=\"{Colour(index)}\"/>");
            svg.Add($"<text x=\"{x + 16}\" y=\"{y}\">{SvgBuilder.Escape(groups[index].Name)} <tspan class=\"v\">{SvgBuilder.Escape(value)}</tspan></text>");
            x += width;
        }

        return y;
    }
}

/// <summary>Measurements that belong together, for <see cref="IntervalChart"/>.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Points">The measurements, each with what tells it from the others.</param>
/// <param name="Low">Lower end of the interval of the mean of y; null where there is none.</param>
/// <param name="High">Upper end of it.</param>
public sealed record IntervalGroup(string Name, IReadOnlyList<(double X, double Y, string Name)> Points, double? Low, double? High);
