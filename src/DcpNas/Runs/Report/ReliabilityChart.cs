namespace DcpNas.Runs.Report;

/// <summary>Accuracy against confidence in bins, with the diagonal of perfect calibration, as self-contained SVG.</summary>
public sealed record ReliabilityChart
{
    private const double Left = 44;
    private const double Top = 42;
    private const double Side = 360;

    /// <summary>What the chart shows.</summary>
    public required string Title { get; init; }

    /// <summary>Bins: range of the confidence, images, accuracy and mean confidence (both null without images).</summary>
    public required IReadOnlyList<(double From, double To, long Count, double? Accuracy, double? Confidence)> Bins { get; init; }

    /// <summary>The SVG element.</summary>
    public string Render()
    {
        var svg = new SvgBuilder();
        svg.Text(0, 14, Title, "class=\"t\"");
        svg.Text(0, 32, "bar: accuracy of the bin; dot: its mean confidence; wide = many images", "class=\"s\"");
        var (x, y) = (new Axis(0, 1, false, Left, Side), new Axis(0, 1, false, Top + Side, -Side));
        foreach (var (value, label) in y.Ticks(5))
        {
            svg.Add($"<path class=\"g\" d=\"M{Left} {y.Map(value)}h{Side}\"/>");
            svg.Text(Left - 6, y.Map(value) + 4, label, "class=\"e s\"");
            svg.Text(x.Map(value), Top + Side + 17, label, "class=\"m s\"");
        }

        var most = Bins.Count == 0 ? 0 : Bins.Max(bin => bin.Count);
        foreach (var (from, to, count, accuracy, confidence) in Bins)
        {
            if (accuracy is not { } height || confidence is not { } mean)
            {
                continue;
            }

            // At least a hairline, so that a bin of few images can still be seen.
            var width = Math.Max(2, (x.Map(to) - x.Map(from) - 2) * Math.Sqrt((double)count / most));
            var middle = (x.Map(from) + x.Map(to)) / 2;
            var tip = $"confidence {Units.Number(Math.Round(from, 3))} to {Units.Number(Math.Round(to, 3))}: {count} images, accuracy {Units.Number(Math.Round(height, 4))}, mean confidence {Units.Number(Math.Round(mean, 4))}";
            svg.Add($"<rect x=\"{middle - (width / 2)}\" y=\"{y.Map(height)}\" width=\"{width}\" height=\"{Top + Side - y.Map(height)}\" fill=\"{ChartStyle.Palette[0]}\" fill-opacity=\"0.75\"><title>{SvgBuilder.Escape(tip)}</title></rect>");
            svg.Add($"<circle cx=\"{middle}\" cy=\"{y.Map(mean)}\" r=\"3.4\" fill=\"{ChartStyle.Palette[1]}\"><title>{SvgBuilder.Escape(tip)}</title></circle>");
        }

        svg.Add($"<path class=\"a\" stroke-dasharray=\"4 4\" d=\"M{x.Map(0)} {y.Map(0)}L{x.Map(1)} {y.Map(1)}\"/>");
        svg.Add($"<path class=\"a\" d=\"M{Left} {Top + Side}h{Side}\"/>");
        svg.Text(Left + Side, Top + Side + 34, "confidence", "class=\"e s\"");
        return svg.Document(Left + Side + 12, Top + Side + 40, Title);
    }
}
