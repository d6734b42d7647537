namespace DcpNas.Cli.Display;

/// <summary>Plain text in columns, two spaces apart; nothing is cut, so that scripts and searches find every name.</summary>
internal static class Columns
{
    /// <summary>The rows as lines.</summary>
    /// <param name="rows">The heading first; all of one length.</param>
    /// <param name="numbers">Which columns are flush right.</param>
    public static IEnumerable<string> Align(IReadOnlyList<string[]> rows, params int[] numbers)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        return rows.Select(row => Line(row, widths, numbers));
    }

    /// <summary>One row.</summary>
    /// <param name="cells">The texts.</param>
    /// <param name="widths">Characters of each column.</param>
    /// <param name="numbers">Which columns are flush right.</param>
    public static string Line(string[] cells, int[] widths, params int[] numbers) =>
        string.Join("  ", cells.Select((cell, column) => numbers.Contains(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd();

    /// <summary>The rows as a table of Markdown.</summary>
    /// <param name="rows">The heading first.</param>
    /// <param name="numbers">Which columns are flush right.</param>
    public static IEnumerable<string> Markdown(IReadOnlyList<string[]> rows, params int[] numbers) =>
        rows.SelectMany<string[], string>((row, index) =>
        {
            var line = $"| {string.Join(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |";
            return index > 0 ? [line] : [line, $"| {string.Join(" | ", row.Select((_, column) => numbers.Contains(column) ? "--:" : "---"))} |"];
        });
}
