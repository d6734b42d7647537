using System.Globalization;
using System.Text;

namespace DcpNas.Runs;

/// <summary>Tables as comma-separated values (RFC 4180 with line feeds): a header, a line per row, quotation marks only where a text needs them.</summary>
/// <remarks>Numbers read back bit for bit. What is missing is empty; NaN and infinities are written as <c>NaN</c>, <c>inf</c> and <c>-inf</c>, which pandas and R read as such.</remarks>
public static class CsvText
{
    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create(",\"\r\n");

    /// <summary>The text of a table.</summary>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="rows">One value per column: text, number or null for none.</param>
    public static string Of(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        var text = new StringBuilder();
        Append(text, columns);
        foreach (var row in rows)
        {
            if (row.Count != columns.Count)
            {
                throw new ArgumentException($"A row must have {columns.Count} values, got {row.Count}.", nameof(rows));
            }

            Append(text, row);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<object?> values) => text.AppendJoin(',', values.Select(Field)).Append('\n');

    private static string Field(object? value) => value switch
    {
        null => "",
        double number when double.IsInfinity(number) => number > 0 ? "inf" : "-inf",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Quote(value.ToString() ?? ""),
    };

    /// <summary>An empty text is quoted: without marks it would be nothing.</summary>
    private static string Quote(string text) =>
        text.Length == 0 || text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
