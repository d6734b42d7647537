namespace DcpNas.Runs.Report;

/// <summary>Groups of measurements one below the other, each with its mean and interval on a common axis, as self-contained SVG: a forest plot.</summary>
public sealed record ForestChart
{
    private const double RowHeight = 30;
    private const double Top = 40;
    private const double BottomHeight = 40;
    private const double CharacterWidth = 6.4;

    /// <summary>What the chart shows.</summary>
    public required string Title { get; init; }

    /// <summary>The groups, from top to bottom; the x of a point is drawn, its y is not used.</summary>
    public required IReadOnlyList<IntervalGroup> Groups { get; init; }

    /// <summary>What the axis counts.</summary>
    public required string XLabel { get; init; }

    /// <summary>A vertical line to compare with, and its name; null for none.</summary>
    public (double X, string Name)? Reference { get; init; }

    /// <summary>The name of the group that stands out; null for none.</summary>
    public string? Emphasis { get; init; }

    /// <summary>Width in units of the drawing.</summary>
    public double Width { get; init; } = 760;

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

        var bottom = Top + (shown.Count * RowHeight);
        var left = 14 + (shown.Max(group => group.Name.Length) * CharacterWidth * 1.08);
        double[] values =
        [
            .. shown.SelectMany(group => group.Points.Select(point => point.X)), .. shown.SelectMany(group => group is { Low: { } low, High: { } high } ? [low, high] : (double[])[]),
            .. Reference is { } one ? (double[])[one.X] : [],
        ];
        var (first, last) = Axis.Around(values, room: 0.05);
        var x = new Axis(first, last, false, left, Width - left - 12);
        foreach (var (value, label) in x.Ticks(8))
        {
            svg.Add($"<path class=\"g\" d=\"M{x.Map(value)} {Top - 6}V{bottom}\"/>");
            svg.Text(x.Map(value), bottom + 17, label, "class=\"m s\"");
        }

        svg.Add($"<path class=\"a\" d=\"M{left} {bottom}H{Width - 8}\"/>");
        svg.Text(Width - 8, bottom + 34, XLabel, "class=\"e s\"");
        if (Reference is { } reference)
        {
            svg.Add($"<path d=\"M{x.Map(reference.X)} {Top - 6}V{bottom}\" stroke=\"#d9304f\" stroke-width=\"1.2\" stroke-dasharray=\"3 3\"><title>{SvgBuilder.Escape($"{reference.Name}: {Units.Number(reference.X)}")}</title></path>");
            svg.Text(x.Map(reference.X), Top - 10, reference.Name, "class=\"m s\"");
        }

        for (var index = 0; index < shown.Count; index++)
        {
            Draw(svg, shown[index], ChartStyle.Palette[index % ChartStyle.Palette.Count], x, left, Top + ((index + 0.5) * RowHeight));
        }

        return svg.Document(Width, bottom + BottomHeight, Title);
    }

    private void Draw(SvgBuilder svg, IntervalGroup group, string colour, Axis x, double left, double y)
    {
        svg.Text(left - 10, y + 4, group.Name, group.Name == Emphasis ? "class=\"e t\"" : "class=\"e\"");
        foreach (var (value, _, name) in group.Points)
        {
            svg.Add($"<circle cx=\"{x.Map(value)}\" cy=\"{y - 7}\" r=\"2.6\" fill=\"{colour}\" fill-opacity=\"0.6\"><title>{SvgBuilder.Escape($"{group.Name}, {name}: {Units.Number(value)}")}</title></circle>");
        }

        var mean = group.Points.Average(point => point.X);
        if (group is { Low: { } low, High: { } high })
        {
            svg.Add($"<path class=\"l\" stroke=\"{colour}\" d=\"M{x.Map(low)} {y + 3}H{x.Map(high)}M{x.Map(low)} {y - 1}v8M{x.Map(high)} {y - 1}v8\"/>");
        }

        svg.Add($"<rect x=\"{x.Map(mean) - 4}\" y=\"{y - 1}\" width=\"8\" height=\"8\" fill=\"{colour}\"><title>{SvgBuilder.Escape($"{group.Name}: mean {Units.Number(mean)}")}</title></rect>");
    }
}
