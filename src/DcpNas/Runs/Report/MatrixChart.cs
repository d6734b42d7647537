namespace DcpNas.Runs.Report;

/// <summary>A matrix of counts as tinted squares, rows normalised, as self-contained SVG: the picture of a confusion matrix.</summary>
/// <remarks>The shade of a square is its share of its row; the diagonal has its own colour. Counts are written into the squares where they have room.</remarks>
public sealed record MatrixChart
{
    private const double CharacterWidth = 7;
    private const double LargestCell = 46;
    private const double SmallestCell = 4;
    private const double ReadableCell = 24;
    private const double Room = 620;
    private const int LongestName = 28; // the whole name stands in the tooltips

    /// <summary>What the chart shows.</summary>
    public required string Title { get; init; }

    /// <summary>Names of rows and columns.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The count of a row and a column.</summary>
    public required Func<int, int, long> Count { get; init; }

    /// <summary>What the rows are.</summary>
    public string RowLabel { get; init; } = "true class";

    /// <summary>What the columns are.</summary>
    public string ColumnLabel { get; init; } = "predicted class";

    /// <summary>The SVG element.</summary>
    public string Render()
    {
        var svg = new SvgBuilder();
        svg.Text(0, 14, Title, "class=\"t\"");
        var size = Names.Count;
        if (size == 0)
        {
            return svg.Text(0, 36, "no data yet").Document(Room, 60, Title);
        }

        var cell = Math.Clamp(Room / size, SmallestCell, LargestCell);
        var isReadable = cell >= ReadableCell;
        var names = Names.Select(Shorten).ToList();
        var longest = isReadable ? names.Max(name => name.Length) * CharacterWidth : 0;
        double left = isReadable ? 12 + longest : 10, top = 44 + (isReadable ? (longest * 0.72) + 8 : 8);
        svg.Text(0, 34, $"{ColumnLabel} across, {RowLabel} down; shade = share of the row", "class=\"s\"");
        for (var row = 0; row < size; row++)
        {
            var sum = Enumerable.Range(0, size).Sum(column => Count(row, column));
            if (isReadable)
            {
                svg.Text(left - 6, top + (row * cell) + (cell / 2) + 4, names[row], "class=\"e s\"");
                svg.RisingText(left + (row * cell) + (cell / 2), top - 6, names[row]);
            }

            for (var column = 0; column < size; column++)
            {
                DrawCell(svg, row, column, sum, left + (column * cell), top + (row * cell), cell, isReadable);
            }
        }

        svg.Add($"<rect class=\"g\" x=\"{left}\" y=\"{top}\" width=\"{size * cell}\" height=\"{size * cell}\"/>");
        return svg.Document(left + (size * cell) + 10, top + (size * cell) + 8, Title);
    }

    private static string Shorten(string name) => name.Length <= LongestName ? name : name[..(LongestName - 1)] + "…";

    private void DrawCell(SvgBuilder svg, int row, int column, long sum, double x, double y, double cell, bool isReadable)
    {
        var count = Count(row, column);
        if (count == 0)
        {
            return;
        }

        var share = sum == 0 ? 0 : (double)count / sum;
        var opacity = (0.06 + (0.84 * share)).ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);
        var colour = ChartStyle.Palette[row == column ? 0 : 1];
        var tip = $"{Names[row]} taken for {Names[column]}: {count} of {sum}";
        svg.Add($"<rect x=\"{x}\" y=\"{y}\" width=\"{cell}\" height=\"{cell}\" fill=\"{colour}\" fill-opacity=\"{opacity}\"><title>{SvgBuilder.Escape(tip)}</title></rect>");
        var text = $"{count}";
        if (isReadable && text.Length * CharacterWidth <= cell)
        {
            svg.Text(x + (cell / 2), y + (cell / 2) + 4, text, "class=\"m s v\"");
        }
    }
}
