using System.Text.Json;
using System.Text.Json.Nodes;
using DcpNas.SearchSpace;

namespace DcpNas.Runs;

/// <summary>The log of a run as tables for pandas, R or a spreadsheet: <c>epochs.csv</c>, and <c>alpha.csv</c> of a search.</summary>
/// <remarks>Like the log they come from, the tables count epochs from 0.</remarks>
public static class RunTables
{
    private static readonly string[] AlphaColumns = ["epoch", "network", "cell", "edge", "node", "input", "operation", "probability"];

    /// <summary>Writes the tables into the run folder; the files are whole or untouched.</summary>
    /// <param name="run">The run, which may go on.</param>
    /// <returns>The paths.</returns>
    /// <exception cref="InputException">The log is damaged, or a table cannot be written.</exception>
    public static IReadOnlyList<string> Write(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var history = RunHistory.In(run.Path);
        List<(string Name, string Text)> tables = [(RunFiles.EpochTable, Epochs(history))];
        if (history.Alphas.Count > 0)
        {
            tables.Add((RunFiles.AlphaTable, Alpha(history)));
        }

        foreach (var (name, text) in tables)
        {
            run.WriteText(name, text);
        }

        return [.. tables.Select(table => run.PathOf(table.Name))];
    }

    /// <summary>One row per epoch, one column per number or text that any epoch has, in the order of the log.</summary>
    public static string Epochs(RunHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var columns = history.Epochs.SelectMany(record => record.Json).Where(field => field.Value is JsonValue && field.Key != MetricFields.Kind)
            .Select(field => field.Key).Distinct(StringComparer.Ordinal).ToList();
        return CsvText.Of(columns.Count > 0 ? columns : [MetricFields.Epoch], history.Epochs.Select(record => columns.Select(column => Value(record.Json[column])).ToList()));
    }

    /// <summary>softmax(alpha) over time in long form: one row per epoch, network, cell, edge and operation.</summary>
    /// <remarks>An edge is called by the states that it joins, as <c>0->2</c>; <c>node</c> and <c>input</c> are the same as numbers.</remarks>
    public static string Alpha(RunHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return CsvText.Of(AlphaColumns, history.Alphas.SelectMany(Rows));
    }

    private static IEnumerable<object?[]> Rows(MetricRecord record)
    {
        var rows = record.Rows(MetricFields.Probabilities);
        if (rows is null || rows.Length != CellTopology.EdgeCount || rows[0].Length != OperationNames.All.Count)
        {
            yield break; // of another search space: its edges have no names here
        }

        for (var edge = 0; edge < rows.Length; edge++)
        {
            var (node, input) = CellTopology.EndsOf(edge);
            for (var operation = 0; operation < OperationNames.All.Count; operation++)
            {
                yield return
                [
                    record.Number(MetricFields.Epoch), record.Text(MetricFields.Network), record.Text(MetricFields.Cell),
                    $"{input}->{node}", node, input, OperationNames.All[operation], rows[edge][operation],
                ];
            }
        }
    }

    private static object? Value(JsonNode? node) =>
        MetricRecord.Decode(node) is { } number ? number
        : node is not JsonValue value ? null
        : value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.True => "True",
            JsonValueKind.False => "False",
            _ => null,
        };
}
