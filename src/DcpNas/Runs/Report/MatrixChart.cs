namespace DcpNas.Runs.Report;

/// <summary>A matrix of counts as tinted squares, rows normalised, as self-contained SVG: the picture of a confusion matrix.</summary>
/// <remarks>The shade of a square is its share of its row; the diagonal has its own colour. Counts are written into the squares where they have room.</remarks>
public sealed record MatrixChart
{
    private const double CharacterWidth = 6.4;
    private const double LargestCell = 46;
    private const double SmallestCell = 4;
    private const double ReadableCell = 24;
    private const double Room = 620;

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
        var margin = isReadable ? Math.Min(160, 12 + (Names.Max(name => name.Length) * CharacterWidth)) : 30;
        double left = margin, top = 44 + (isReadable ? margin * 0.72 : 8);
        svg.Text(left, 34, $"{ColumnLabel} across, {RowLabel} down; shade = share of the row", "class=\"s\"");
        for (var row = 0; row < size; row++)
        {
            var sum = Enumerable.Range(0, size).Sum(column => Count(row, column));
            if (isReadable)
            {
                svg.Text(left - 6, top + (row * cell) + (cell / 2) + 4, Names[row], "class=\"e s\"");
                var (x, y) = (left + (row * cell) + (cell / 2), top - 6);
                svg.Add($"<text class=\"s\" x=\"{x}\" y=\"{y}\" transform=\"rotate(-45 {x} {y})\">{SvgBuilder.Escape(Names[row])}</text>");
            }

            for (var column = 0; column < size; column++)
            {
                DrawCell(svg, row, column, sum, left + (column * cell), top + (row * cell), cell, isReadable);
            }
        }

        svg.Add($"<rect class=\"g\" x=\"{left}\" y=\"{top}\" width=\"{size * cell}\" height=\"{size * cell}\"/>");
        return svg.Document(left + (size * cell) + (isReadable ? margin * 0.72 : 10), top + (size * cell) + 8, Title);
    }

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
