namespace DcpNas.Runs.Report;

/// <summary>Curves over a common x axis, as self-contained SVG: axes with round ticks, grid, legend with last values.</summary>
public sealed record LineChart
{
    private const double TitleHeight = 22;
    private const double LegendRow = 18;
    private const double BottomHeight = 40;
    private const double EmptyHeight = 60;
    private const double CharacterWidth = 6.4; // of the 12-pixel sans-serif, on average
    private const int MaximumPoints = 400;
    private const int MaximumDots = 60;

    /// <summary>What the chart shows, with its unit.</summary>
    public required string Title { get; init; }

    /// <summary>The curves; those without a point are left out.</summary>
    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>What the x axis counts.</summary>
    public string XLabel { get; init; } = "epoch";

    /// <summary>Whether the y axis is logarithmic; values up to 0 are then left out.</summary>
    public bool Log { get; init; }

    /// <summary>A value that the y axis must include, or null.</summary>
    public double? Include { get; init; }

    /// <summary>First and last y shown, so that little is not magnified into much; null takes those of the points, as values outside do.</summary>
    public (double First, double Last)? YRange { get; init; }

    /// <summary>Phases, drawn behind the curves.</summary>
    public IReadOnlyList<ChartBand> Bands { get; init; } = [];

    /// <summary>Vertical lines with a tooltip.</summary>
    public IReadOnlyList<(double X, string Text)> Marks { get; init; } = [];

    /// <summary>First and last x shown; null takes those of the points.</summary>
    public (double First, double Last)? XRange { get; init; }

    /// <summary>Whether x counts something, so that only whole numbers have a tick. Default true.</summary>
    public bool XIsCount { get; init; } = true;

    /// <summary>Whether the points of short curves are marked.</summary>
    public bool Dots { get; init; } = true;

    /// <summary>Width in units of the drawing; it scales to its place.</summary>
    public double Width { get; init; } = 560;

    /// <summary>Height in units of the drawing.</summary>
    public double Height { get; init; } = 290;

    /// <summary>The SVG element.</summary>
    public string Render()
    {
        var svg = new SvgBuilder();
        svg.Text(0, 14, Title, "class=\"t\"");
        var shown = Series.Select((series, index) => (
                Series: series, Colour: series.Colour ?? ChartStyle.Palette[index % ChartStyle.Palette.Count],
                Points: Thin([.. series.Points.Where(point => double.IsFinite(point.X))])))
            .Where(curve => curve.Points.Any(IsShown)).ToList();
        if (shown.Count == 0)
        {
            return svg.Text(0, 36, "no data yet").Document(Width, EmptyHeight, Title);
        }

        var top = DrawLegend(svg, shown.Select(curve => (curve.Series, curve.Colour))) + 10;
        var bottom = Height - BottomHeight;
        var visible = shown.SelectMany(curve => curve.Points.Where(IsShown)).ToList();
        var (low, high) = RangeOf(visible);
        var y = new Axis(low, high, Log, bottom, top - bottom);
        var ticks = y.Ticks(5);
        var left = 12 + (ticks.Max(tick => tick.Label.Length) * CharacterWidth);
        var (first, last) = XRange ?? (visible.Min(point => point.X), visible.Max(point => point.X));
        var x = new Axis(first, last > first ? last : first + 1, false, left, Width - left - 8);
        DrawGround(svg, x, ticks, y, (left, top, bottom), (first, last));
        foreach (var curve in shown)
        {
            DrawCurve(svg, curve.Points, curve.Series, curve.Colour, x, y);
        }

        return svg.Document(Width, Height, Title);
    }

    private bool IsShown((double X, double Y) point) => double.IsFinite(point.Y) && (!Log || point.Y > 0);

    private (double Low, double High) RangeOf(List<(double X, double Y)> points)
    {
        var (low, high) = (points.Min(point => point.Y), points.Max(point => point.Y));
        if (Include is { } include && (!Log || include > 0))
        {
            (low, high) = (Math.Min(low, include), Math.Max(high, include));
        }

        if (YRange is { } range && !Log && low >= range.First && high <= range.Last)
        {
            return range;
        }

        if (Log)
        {
            return high > low ? (low / Math.Pow(high / low, 0.04), high * Math.Pow(high / low, 0.04)) : (low / 2, high * 2);
        }

        var margin = high > low ? (high - low) * 0.05 : Math.Max(Math.Abs(high) * 0.1, 1e-12);
        return (low == Include ? low : low - margin, high == Include ? high : high + margin);
    }

    /// <summary>Draws the legend, in as many rows as it needs; returns where it ends.</summary>
    private double DrawLegend(SvgBuilder svg, IEnumerable<(ChartSeries Series, string Colour)> curves)
    {
        double x = 0, y = TitleHeight + 12;
        foreach (var (series, colour) in curves)
        {
            var value = Units.Number(series.Points.LastOrDefault(IsShown).Y);
            var width = 26 + ((series.Name.Length + 1 + value.Length) * CharacterWidth) + 14;
            if (x > 0 && x + width > Width)
            {
                (x, y) = (0, y + LegendRow);
            }

            svg.Add($"<path class=\"l\" d=\"M{x} {y - 4}h18\" stroke=\"{SvgBuilder.Escape(colour)}\"{Dash(series)}/>");
            svg.Add($"<text x=\"{x + 24}\" y=\"{y}\">{SvgBuilder.Escape(series.Name)} <tspan class=\"v\">{SvgBuilder.Escape(value)}</tspan></text>");
            x += width;
        }

        return y;
    }

    private void DrawGround(
        SvgBuilder svg, Axis x, List<(double Value, string Label)> ticks, Axis y, (double Left, double Top, double Bottom) area, (double First, double Last) range)
    {
        var right = Width - 8;
        foreach (var band in Bands)
        {
            double from = Math.Clamp(x.Map(band.From), area.Left, right), to = Math.Clamp(x.Map(band.To), area.Left, right);
            if (to > from)
            {
                svg.Add($"<rect x=\"{from}\" y=\"{area.Top}\" width=\"{to - from}\" height=\"{area.Bottom - area.Top}\" style=\"fill:var(--band-{band.Tint.ToString()})\"/>");
            }
        }

        foreach (var (value, label) in ticks)
        {
            svg.Add($"<path class=\"g\" d=\"M{area.Left} {y.Map(value)}H{right}\"/>");
            svg.Text(area.Left - 6, y.Map(value) + 4, label, "class=\"e s\"");
        }

        foreach (var (value, label) in x.Ticks(8).Where(tick => tick.Value >= range.First && (!XIsCount || tick.Value == Math.Round(tick.Value))))
        {
            svg.Add($"<path class=\"a\" d=\"M{x.Map(value)} {area.Bottom}v4\"/>");
            svg.Text(x.Map(value), area.Bottom + 17, label, "class=\"m s\"");
        }

        svg.Add($"<path class=\"a\" d=\"M{area.Left} {area.Bottom}H{right}\"/>");
        svg.Text(right, Height - 6, XLabel, "class=\"e s\"");
        foreach (var (position, text) in Marks.Where(mark => mark.X >= range.First && mark.X <= range.Last))
        {
            svg.Add($"<path d=\"M{x.Map(position)} {area.Top}V{area.Bottom}\" stroke=\"#d9304f\" stroke-width=\"1.2\" stroke-dasharray=\"3 3\"><title>{SvgBuilder.Escape(text)}</title></path>");
        }
    }

    private void DrawCurve(SvgBuilder svg, List<(double X, double Y)> points, ChartSeries series, string colour, Axis x, Axis y)
    {
        var path = new SvgBuilder();
        var pen = false;
        for (var index = 0; index < points.Count; index++)
        {
            var point = points[index];
            if (!IsShown(point))
            {
                pen = false;
                continue;
            }

            path.Add($"{(pen ? "L" : "M")}{x.Map(point.X)} {y.Map(point.Y)}");
            var alone = !pen && (index + 1 == points.Count || !IsShown(points[index + 1]));
            if (alone || (Dots && points.Count <= MaximumDots))
            {
                svg.Add($"<circle cx=\"{x.Map(point.X)}\" cy=\"{y.Map(point.Y)}\" r=\"2.2\" fill=\"{SvgBuilder.Escape(colour)}\"><title>{SvgBuilder.Escape($"{series.Name}, {XLabel} {Units.Number(point.X)}: {Units.Number(point.Y)}")}</title></circle>");
            }

            pen = true;
        }

        svg.Add($"<path class=\"l\" d=\"{path.ToString()}\" stroke=\"{SvgBuilder.Escape(colour)}\"{Dash(series)}/>");
    }

    private static string Dash(ChartSeries series) => series.Dashed ? " stroke-dasharray=\"5 4\"" : "";

    /// <summary>Means of equal stretches, where there are more points than a screen can show; gaps stay gaps.</summary>
    private static List<(double X, double Y)> Thin(List<(double X, double Y)> points)
    {
        if (points.Count <= MaximumPoints)
        {
            return points;
        }

        var thin = new List<(double X, double Y)>(MaximumPoints);
        for (var index = 0; index < MaximumPoints; index++)
        {
            int from = (int)((long)index * points.Count / MaximumPoints), to = (int)((index + 1L) * points.Count / MaximumPoints);
            var stretch = points[from..to];
            thin.Add((stretch.Average(point => point.X), stretch.Average(point => point.Y)));
        }

        return thin;
    }
}

/// <summary>A stretch of the x axis with a tinted ground: a phase.</summary>
/// <param name="From">First x.</param>
/// <param name="To">Last x.</param>
/// <param name="Tint">a, b or c: which of the three tints of <see cref="ChartStyle.Sheet"/>.</param>
public readonly record struct ChartBand(double From, double To, char Tint);

/// <summary>A curve.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Points">x rising; points that are not finite leave a gap.</param>
/// <param name="Colour">Of the line; null takes the next of <see cref="ChartStyle.Palette"/>.</param>
/// <param name="Dashed">Whether the line is dashed.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<(double X, double Y)> Points, string? Colour = null, bool Dashed = false);
