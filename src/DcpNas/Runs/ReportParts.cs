using System.Globalization;
using System.Text.Json.Nodes;
using DcpNas.Runs.Report;

namespace DcpNas.Runs;

/// <summary>What the reports of all kinds of runs share.</summary>
internal static class ReportParts
{
    public const string Blue = "#3b82f6";
    public const string Orange = "#e8690b";
    public const string Grey = "#8a94a0";
    public const string TimeFormat = "yyyy-MM-dd HH:mm zzz";

    public static void AddCost(HtmlBlock block, RunFolder run)
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
    }

    public static void AddEvents(HtmlBlock block, RunHistory history)
    {
        // A budget that was met is no matter of health.
        var warnings = history.Events.Count(record => IsWarning(record) && !IsBudget(record));
        block.Paragraph(warnings == 0 ? "Health: no warning." : $"Health: {Count(warnings, "warning")}.");
        if (history.Events.Count > 0)
        {
            block.Table(
                ["epoch#", "severity", "event", "what happened"],
                history.Events.Select(record => (string[])
                    [EpochOf(record), record.Text(MetricFields.Severity) ?? "", record.Text(MetricFields.Name) ?? "", record.Text(MetricFields.Text) ?? ""]));
        }
    }

    public static void AddOptions(HtmlBlock block, RunFolder run) =>
        block.Table(["option", "value"], JsonFiles.Flatten(run.Options).Select(pair => (string[])[pair.Key, JsonFiles.Show(pair.Value)]));

    public static void AddEnvironment(HtmlBlock block, List<JsonObject> sessions)
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

    public static void AddFiles(HtmlBlock block, RunFolder run, RunHistory history)
    {
        if (run.ReadText(RunFiles.Command) is { } command)
        {
            block.Paragraph(history.IsFinished ? "The command that made this run:" : "The command that resumes this run:");
            block.Preformatted(command.TrimEnd());
        }

        var closed = new List<string>();
        block.Note($"Folder: {Path.GetFullPath(run.Path)}");
        block.Table(
            ["size#", "written#", "file"],
            RunFiles.Below(run.Path, closed)
                .Where(file => file.Name is not (RunFiles.Lock or RunFiles.Holder) && !file.Name.EndsWith(AtomicFile.TemporarySuffix, StringComparison.Ordinal))
                .OrderBy(file => file.FullName, StringComparer.Ordinal)
                .Select(file => (string[])
                [
                    Units.Bytes(file.Length),
                    file.LastWriteTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                    Path.GetRelativePath(run.Path, file.FullName),
                ]));
        foreach (var folder in closed)
        {
            block.Note($"{Path.GetRelativePath(run.Path, folder)}: could not be read when this page was made, so its files are not listed.");
        }
    }

    public static string EpochOf(MetricRecord record) => record.Number(MetricFields.Epoch) is null ? "" : Units.Number(RunHistory.EpochOf(record));

    public static string Cell(JsonNode? node) =>
        node is null ? "" : node is JsonValue value && value.TryGetValue<double>(out var number) ? Units.Number(number) : JsonFiles.Show(node);

    /// <summary>Whether only a logarithmic axis shows all of the values: they are positive and far apart.</summary>
    public static bool SpansDecades(ChartSeries[] series)
    {
        var values = series.SelectMany(curve => curve.Points).Select(point => point.Y).Where(double.IsFinite).ToList();
        return values.Count > 1 && values.Min() > 0 && values.Max() / values.Min() > 20;
    }

    /// <summary>A chart over epochs.</summary>
    public static string Chart(RunHistory history, string title, params ChartSeries[] series) => Chart(history, title, null, series);

    /// <summary>A chart over epochs whose y axis is given.</summary>
    public static string Chart(RunHistory history, string title, (double First, double Last)? range, params ChartSeries[] series)
    {
        var log = range is null && SpansDecades(series);
        return new LineChart
        {
            Title = log ? title + " (log scale)" : title,
            Series = series,
            Log = log,
            YRange = range,
            XRange = history.Epochs.Count > 0 ? (1, history.Epochs.Max(RunHistory.EpochOf)) : null,
            Bands = history.Bands(),
            Marks = [.. history.Events.Where(record => IsWarning(record) && !IsBudget(record)).Select(record => (RunHistory.EpochOf(record), record.Text(MetricFields.Text) ?? ""))],
        }.Render();
    }

    public static bool IsWarning(MetricRecord record) => record.Text(MetricFields.Severity) == "warning";

    public static bool IsBudget(MetricRecord record) => record.Text(MetricFields.Name) == MetricFields.BudgetEvent;

    public static List<JsonObject> Sessions(RunFolder run) =>
        run.ReadJson(RunFiles.Environment)?["sessions"] is JsonArray sessions ? [.. sessions.OfType<JsonObject>()] : [];

    public static string StartOf(List<JsonObject> sessions) =>
        sessions.Count > 0 && DateTimeOffset.TryParse(Cell(sessions[0]["start_time"]), CultureInfo.InvariantCulture, out var start)
            ? start.ToString(TimeFormat, CultureInfo.InvariantCulture)
            : "at an unknown time";

    /// <summary>An option by the last part of its key.</summary>
    public static string? Option(SortedDictionary<string, JsonNode?> options, string name) =>
        options.Where(pair => pair.Key == name || pair.Key.EndsWith("." + name, StringComparison.Ordinal))
            .OrderBy(pair => pair.Key.Length).Select(pair => pair.Value is null ? null : JsonFiles.Show(pair.Value)).FirstOrDefault();

    public static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
