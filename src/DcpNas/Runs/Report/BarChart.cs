namespace DcpNas.Runs.Report;

/// <summary>Horizontal bars with their values, as self-contained SVG.</summary>
public sealed record BarChart
{
    private const double RowHeight = 24;
    private const double CharacterWidth = 7;

    /// <summary>What the chart shows, with its unit.</summary>
    public required string Title { get; init; }

    /// <summary>Names and values from top to bottom; a value that is negative or not finite is drawn without a bar.</summary>
    public required IReadOnlyList<(string Name, double Value)> Bars { get; init; }

    /// <summary>The colour of the bar of a name.</summary>
    public Func<string, string> Colour { get; init; } = _ => ChartStyle.Palette[0];

    /// <summary>Width in units of the drawing.</summary>
    public double Width { get; init; } = 560;

    /// <summary>The SVG element.</summary>
    public string Render()
    {
        var svg = new SvgBuilder();
        svg.Text(0, 14, Title, "class=\"t\"");
        var height = 32 + (RowHeight * Math.Max(1, Bars.Count));
        if (Bars.Count == 0)
        {
            return svg.Text(0, 36, "no data yet").Document(Width, height, Title);
        }

        var left = Math.Min(Width * 0.45, 10 + (Bars.Max(bar => bar.Name.Length) * CharacterWidth));
        var values = Bars.Max(bar => Units.Number(bar.Value).Length) * CharacterWidth;
        var largest = Bars.Where(bar => double.IsFinite(bar.Value)).Select(bar => bar.Value).DefaultIfEmpty(0).Max();
        for (var row = 0; row < Bars.Count; row++)
        {
            var (name, value) = Bars[row];
            var y = 28 + (row * RowHeight);
            var width = largest > 0 && value > 0 && double.IsFinite(value) ? value / largest * (Width - left - values - 14) : 0;
            svg.Text(left - 8, y + 15, name, "class=\"e\"");
            svg.Add($"<rect x=\"{left}\" y=\"{y + 3}\" width=\"{width}\" height=\"{RowHeight - 7}\" rx=\"2\" fill=\"{SvgBuilder.Escape(Colour(name))}\"/>");
            svg.Text(left + width + 6, y + 15, Units.Number(value), "class=\"v\"");
        }

        return svg.Document(Width, height, Title);
    }
}
