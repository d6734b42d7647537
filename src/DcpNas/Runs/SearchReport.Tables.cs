using System.Globalization;
using System.Text.Json.Nodes;
using DcpNas.Runs.Report;

namespace DcpNas.Runs;

public static partial class SearchReport
{
    private static void AddCost(HtmlBlock block, RunFolder run, RunHistory history)
    {
        if (run.ReadJson(RunFiles.Cost) is { } cost)
        {
            var rows = cost["rows"] is JsonArray listed
                ? listed.OfType<JsonObject>().Select(row => (string[])[Cell(row["name"]), Cell(row["value"]), Cell(row["unit"]), Cell(row["note"])])
                : JsonFiles.Flatten(cost).Where(pair => pair.Value is JsonValue).Select(pair => (string[])[pair.Key, Cell(pair.Value), "", ""]);
            block.Table(["", "value#", "unit", "note"], rows);
        }
        else
        {
            block.Note($"The costs of the architecture are not written yet ({RunFiles.Cost}).");
        }

        if (history.OverEpochs("", "expected_ops").Points.Count + history.OverEpochs("", "expected_memory_mbit").Points.Count > 0)
        {
            block.Charts(
                Chart(history, "Expected operations under softmax(alpha)", history.OverEpochs("expected OPs", "expected_ops")),
                Chart(history, "Expected memory under softmax(alpha), Mbit", history.OverEpochs("expected memory", "expected_memory_mbit")));
        }
    }

    private static void AddEvents(HtmlBlock block, RunHistory history)
    {
        var budget = history.Events.Where(record => record.Text(MetricFields.Name) == MetricFields.BudgetEvent).ToList();
        foreach (var record in budget)
        {
            block.Notice($"Budget, epoch {EpochOf(record)}: {record.Text(MetricFields.Text)}", IsWarning(record));
        }

        if (budget.Count == 0)
        {
            block.Paragraph("Budget: none was reported.");
        }

        var warnings = history.Events.Count(IsWarning);
        block.Paragraph(warnings == 0 ? "Health: no warning." : $"Health: {Count(warnings, "warning")}.");
        if (history.Events.Count > 0)
        {
            block.Table(
                ["epoch#", "severity", "event", "what happened"],
                history.Events.Select(record => (string[])
                    [EpochOf(record), record.Text(MetricFields.Severity) ?? "", record.Text(MetricFields.Name) ?? "", record.Text(MetricFields.Text) ?? ""]));
        }
    }

    private static void AddOptions(HtmlBlock block, RunFolder run) =>
        block.Table(["option", "value"], JsonFiles.Flatten(run.Options).Select(pair => (string[])[pair.Key, JsonFiles.Show(pair.Value)]));

    private static void AddEnvironment(HtmlBlock block, List<JsonObject> sessions)
    {
        if (sessions.Count == 0)
        {
            block.Note("Not recorded.");
            return;
        }

        block.KeyValues(sessions[^1].Where(pair => pair.Value is not null).Select(pair => (pair.Key, JsonFiles.Show(pair.Value))));
        if (sessions.Count > 1)
        {
            block.Details($"All {sessions.Count} sessions", inner => inner.Table(
                ["start", "machine", "device", "threads#", "dcpnas", "command"],
                sessions.Select(session => (string[])
                    [Cell(session["start_time"]), Cell(session["machine"]), Cell(session["device"]), Cell(session["threads"]), Cell(session["dcpnas"]), Cell(session["command"])])));
        }
    }

    private static void AddFiles(HtmlBlock block, RunFolder run, RunHistory history)
    {
        if (run.ReadText(RunFiles.Command) is { } command)
        {
            block.Paragraph(history.IsFinished ? "The command that made this run:" : "The command that resumes this run:");
            block.Preformatted(command.TrimEnd());
        }

        block.Note($"Folder: {Path.GetFullPath(run.Path)}");
        block.Table(
            ["file", "size#", "written"],
            new DirectoryInfo(run.Path).EnumerateFiles("*", SearchOption.AllDirectories)
                .Where(file => file.Name is not (RunFiles.Lock or RunFiles.Holder) && !file.Name.EndsWith(AtomicFile.TemporarySuffix, StringComparison.Ordinal))
                .OrderBy(file => file.FullName, StringComparer.Ordinal)
                .Select(file => (string[])
                [
                    Path.GetRelativePath(run.Path, file.FullName),
                    Units.Bytes(file.Length),
                    file.LastWriteTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                ]));
    }

    private static string EpochOf(MetricRecord record) => record.Number(MetricFields.Epoch) is { } epoch ? Units.Number(epoch) : "";

    private static string Cell(JsonNode? node) =>
        node is null ? "" : node is JsonValue value && value.TryGetValue<double>(out var number) ? Units.Number(number) : JsonFiles.Show(node);
}
