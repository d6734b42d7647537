using System.Globalization;

namespace DcpNas.Runs.Report;

/// <summary>Shares as tinted squares, a row per name and columns in groups, as self-contained SVG: a heat map.</summary>
/// <remarks>A square of share 0 stays empty; each column has its own colour, each square its share in percent and a tooltip.</remarks>
public sealed record HeatChart
{
    private const double Cell = 40;
    private const double CellHeight = 26;
    private const double Gap = 26;
    private const double CharacterWidth = 6.4;

    /// <summary>What the chart shows.</summary>
    public required string Title { get; init; }

    /// <summary>Names of the rows.</summary>
    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>Names of the groups of columns; each has all columns.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>Names and colours of the columns.</summary>
    public required IReadOnlyList<(string Name, string Colour)> Columns { get; init; }

    /// <summary>The share, from 0 to 1, of a row, a group and a column; not a number where there is none.</summary>
    public required Func<int, int, int, double> Share { get; init; }

    /// <summary>The SVG element.</summary>
    public string Render()
    {
        var svg = new SvgBuilder();
        svg.Text(0, 14, Title, "class=\"t\"");
        if (Rows.Count == 0)
        {
            return svg.Text(0, 36, "no data yet").Document(560, 60, Title);
        }

        var left = 14 + (Rows.Max(name => name.Length) * CharacterWidth * 1.08);
        var slant = Columns.Max(column => column.Name.Length) * CharacterWidth * 0.72;
        var top = 46 + slant;
        for (var group = 0; group < Groups.Count; group++)
        {
            var start = left + (group * ((Columns.Count * Cell) + Gap));
            svg.Text(start, 34, Groups[group], "class=\"s v\"");
            for (var column = 0; column < Columns.Count; column++)
            {
                var (x, y) = (start + (column * Cell) + (Cell / 2), top - 6);
                svg.Add($"<text class=\"s\" x=\"{x}\" y=\"{y}\" transform=\"rotate(-45 {x} {y})\">{SvgBuilder.Escape(Columns[column].Name)}</text>");
                for (var row = 0; row < Rows.Count; row++)
                {
                    Draw(svg, row, group, column, start + (column * Cell), top + (row * CellHeight));
                }
            }

            svg.Add($"<rect class=\"g\" x=\"{start}\" y=\"{top}\" width=\"{Columns.Count * Cell}\" height=\"{Rows.Count * CellHeight}\"/>");
        }

        for (var row = 0; row < Rows.Count; row++)
        {
            svg.Text(left - 8, top + ((row + 0.5) * CellHeight) + 4, Rows[row], "class=\"e\"");
        }

        return svg.Document(left + (Groups.Count * ((Columns.Count * Cell) + Gap)) + slant, top + (Rows.Count * CellHeight) + 8, Title);
    }

    private void Draw(SvgBuilder svg, int row, int group, int column, double x, double y)
    {
        var share = Share(row, group, column);
        if (!(share > 0))
        {
            return;
        }

        var opacity = (0.08 + (0.82 * share)).ToString("0.###", CultureInfo.InvariantCulture);
        var tip = $"{Rows[row]}, {Groups[group]}, {Columns[column].Name}: {(share * 100).ToString("0.#", CultureInfo.InvariantCulture)} %";
        svg.Add($"<rect x=\"{x}\" y=\"{y}\" width=\"{Cell}\" height=\"{CellHeight}\" fill=\"{Columns[column].Colour}\" fill-opacity=\"{opacity}\"><title>{SvgBuilder.Escape(tip)}</title></rect>");
        svg.Text(x + (Cell / 2), y + (CellHeight / 2) + 4, (share * 100).ToString("0", CultureInfo.InvariantCulture), "class=\"m s v\"");
    }
}
