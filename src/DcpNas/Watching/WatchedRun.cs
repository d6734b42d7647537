using System.Text.Json.Nodes;
using DcpNas.Candidates;
using DcpNas.Comparison;
using DcpNas.Jobs;
using DcpNas.Populations;
using DcpNas.Runs;

namespace DcpNas.Watching;

/// <summary>One run folder that is watched: what kind of run it is, how far it has come, and how it goes.</summary>
/// <param name="root">The watched folder.</param>
/// <param name="path">The run folder.</param>
internal sealed class WatchedRun(string root, string path)
{
    private const int MostEvents = 20;
    private const string ComparisonKind = "comparison", PopulationKind = "population", SelectionKind = "selection", SearchKind = "search", TrainingKind = "training";

    private readonly Lock _lock = new();
    private (long Length, DateTime Time)? _seen;
    private RunHistory _history = new([]);
    private string? _fault;

    /// <summary>A line about the run; null where its options cannot be read (yet).</summary>
    public JsonObject? Read()
    {
        try
        {
            lock (_lock)
            {
                using var folder = RunFolder.OpenForReading(path);
                Refresh();
                var kind = KindOf(folder);
                var isRunning = RunLock.IsHeld(path);
                var run = new JsonObject
                {
                    ["path"] = Path.GetRelativePath(root, path),
                    ["kind"] = kind,
                    ["updated"] = Updated(),
                    ["report"] = Report(kind),
                    ["error"] = _fault,
                };
                switch (kind)
                {
                    case ComparisonKind or PopulationKind or SelectionKind:
                        Describe(run, kind, isRunning);
                        break;
                    default:
                        DescribeEpochs(run, isRunning);
                        break;
                }

                return run;
            }
        }
        catch (Exception error) when (error is InputException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Curves, events and the decision of alpha.</summary>
    public JsonObject Detail()
    {
        lock (_lock)
        {
            var fields = _history.Epochs.SelectMany(record => record.Json).Where(field => MetricRecord.Decode(field.Value) is not null).Select(field => field.Key)
                .Where(IsCurve).Distinct(StringComparer.Ordinal);
            return new JsonObject
            {
                ["path"] = Path.GetRelativePath(root, path),
                ["curves"] = new JsonObject(fields.Select(field => KeyValuePair.Create(field, (JsonNode?)new JsonArray([.. _history.OverEpochs(field, field).Points
                    .Where(point => double.IsFinite(point.Y)).Select(point => (JsonNode)new JsonArray(point.X, point.Y))])))),
                ["events"] = new JsonArray([.. _history.Events.TakeLast(MostEvents).Select(record => (JsonNode)new JsonObject
                {
                    ["severity"] = record.Text(MetricFields.Severity),
                    ["name"] = record.Text(MetricFields.Name),
                    ["text"] = record.Text(MetricFields.Text),
                })]),
                ["decision"] = _history.Epochs.LastOrDefault(record => record.Json[MetricFields.Decision] is not null)?.Json[MetricFields.Decision]?.DeepClone(),
                ["genotype"] = _history.Epochs.LastOrDefault(record => record.Text(MetricFields.Genotype) is not null)?.Text(MetricFields.Genotype),
            };
        }
    }

    private static bool IsCurve(string field) => field is not (MetricFields.Epoch or MetricFields.Epochs or MetricFields.Round);

    private static string KindOf(RunFolder folder) =>
        ComparisonRun.IsIn(folder) ? ComparisonKind
        : PopulationRun.IsIn(folder) ? PopulationKind
        : SelectionRun.IsIn(folder) ? SelectionKind
        : RunReport.IsTraining(folder.Options) ? TrainingKind : SearchKind;

    private string? Report(string kind)
    {
        var file = kind switch { ComparisonKind => ComparisonReport.HtmlFile, PopulationKind => PopulationReport.File, _ => RunFiles.Report };
        return File.Exists(Path.Combine(path, file)) ? Path.GetRelativePath(root, Path.Combine(path, file)) : null;
    }

    private double Updated()
    {
        var newest = ((string[])[RunFiles.Metrics, RunFiles.Options, ComparisonReport.JsonFile, PopulationRun.TableFile, CandidateTrainings.RecordFile]).Select(name => Path.Combine(path, name)).Where(File.Exists)
            .Max(file => File.GetLastWriteTimeUtc(file));
        return (newest - DateTime.UnixEpoch).TotalSeconds;
    }

    /// <summary>Reads the log where it has changed.</summary>
    private void Refresh()
    {
        var log = new FileInfo(Path.Combine(path, RunFiles.Metrics));
        if (!log.Exists || _seen == (log.Length, log.LastWriteTimeUtc))
        {
            return;
        }

        _seen = (log.Length, log.LastWriteTimeUtc);
        try
        {
            (_history, _fault) = (RunHistory.In(path), null);
        }
        catch (InputException error)
        {
            _fault = error.Message;
        }
    }

    private void DescribeEpochs(JsonObject run, bool isRunning)
    {
        var last = _history.Epochs.Count > 0 ? _history.Epochs[^1] : null;
        var done = last is null ? 0 : (int)RunHistory.EpochOf(last);
        var planned = last?.Number(MetricFields.Epochs);
        run["state"] = _history.IsFinished ? "finished" : isRunning ? "running" : "stopped";
        run["epoch"] = done;
        run["epochs"] = planned;
        run["share"] = _history.IsFinished ? 1.0 : planned > 0 ? Math.Min(1, done / planned.Value) : null;
        run["seconds"] = _history.TimeSpent.TotalSeconds;
        run["seconds_left"] = !_history.IsFinished && isRunning && planned > 0 && done > 0 ? _history.TimeSpent.TotalSeconds / done * (planned.Value - done) : null;
        run["phase"] = last is null ? null : RunHistory.TrainedIn(last);
        run["warnings"] = _history.Events.Count(record => record.Text(MetricFields.Severity) == "warning");
        run["figures"] = last is null ? [] : new JsonObject(((string[])["valid_top1", "supernet_valid_top1", "valid_map", "valid_map50", "valid_rank1", "valid_loss", "train_loss", "parent_loss", "child_loss", "decided_edges_normal", "decided_edges_reduction"])
            .Where(field => last.Number(field) is { } value && double.IsFinite(value)).Select(field => KeyValuePair.Create(field, (JsonNode?)last.Number(field))));
        run["curve"] = new JsonArray([.. Primary().Select(value => (JsonNode)value)]);
    }

    /// <summary>The measure of each epoch that a small curve shows.</summary>
    private IEnumerable<double> Primary()
    {
        var field = ((string[])["supernet_valid_top1", "valid_top1", "valid_map", "valid_map50", "valid_rank1", "valid_loss"]).FirstOrDefault(field => _history.Epochs.Any(record => record.Number(field) is not null));
        return field is null ? [] : _history.Epochs.Select(record => record.Number(field)).OfType<double>().Where(double.IsFinite);
    }

    /// <summary>A run of many jobs: those of it that are done, what they came to, and those that failed.</summary>
    private void Describe(JsonObject run, string kind, bool isRunning)
    {
        var folder = Path.Combine(path, kind == SelectionKind ? CandidateTrainings.RunsFolder : JobFiles.Folder);
        var jobs = Directory.Exists(folder)
            ? Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Select(job => JobOf(job, kind)).ToList()
            : [];
        isRunning |= jobs.Exists(job => (string)job["state"]! == "running");
        var finished = jobs.Count(job => (string)job["state"]! == "finished");
        run["state"] = isRunning ? "running" : jobs.Count > 0 && finished == jobs.Count || File.Exists(Path.Combine(path, RunFiles.Selection)) ? "finished" : "stopped";
        run["jobs"] = new JsonArray([.. jobs]);
        run["finished"] = finished;
        run["failed"] = jobs.Count(job => (string)job["state"]! == "failed");
        run["leaders"] = kind == ComparisonKind ? Leaders() : null;
    }

    private static JsonObject JobOf(string folder, string kind)
    {
        var name = Path.GetFileName(folder);
        var held = RunLock.IsHeld(folder);
        if (kind != ComparisonKind)
        {
            return new JsonObject { ["name"] = name, ["state"] = RunHistory.In(folder).IsFinished ? "finished" : held ? "running" : "stopped" };
        }

        var file = Path.Combine(folder, ComparisonQueue.RecordFile);
        var record = File.Exists(file) ? JsonFiles.ReadObject(file) : [];
        var state = (string?)record["state"] ?? "waiting";
        var error = (string?)record["error"];
        return new JsonObject
        {
            ["name"] = name,
            ["state"] = state == "begun" ? held ? "running" : "stopped" : state,
            ["error"] = error,
            ["last_lines"] = error is null ? null : LastLines(Path.Combine(folder, JobFiles.Log)),
        };
    }

    private static string? LastLines(string log) => File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(5)) : null;

    /// <summary>The rows of a comparison, the best first.</summary>
    private JsonArray? Leaders()
    {
        var file = Path.Combine(path, ComparisonReport.JsonFile);
        if (!File.Exists(file) || JsonFiles.ReadObject(file)["rows"] is not JsonArray rows)
        {
            return null;
        }

        return new JsonArray([.. rows.OfType<JsonObject>().Where(row => MetricRecord.Decode(row["top1"]?["mean"]) is not null)
            .OrderByDescending(row => MetricRecord.Decode(row["top1"]!["mean"]))
            .Select(row => (JsonNode)new JsonObject
            {
                ["row"] = row["strategy"]?.DeepClone(),
                ["count"] = row["top1"]!["count"]?.DeepClone(),
                ["mean"] = row["top1"]!["mean"]?.DeepClone(),
                ["low"] = row["top1"]!["interval_low"]?.DeepClone(),
                ["high"] = row["top1"]!["interval_high"]?.DeepClone(),
                ["p_holm"] = row["against_random"]?["p_holm"]?.DeepClone(),
            })]);
    }
}
