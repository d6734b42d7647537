using System.Diagnostics;
using DcpNas.Comparison;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Display;

/// <summary>Shows a comparison in a view.</summary>
/// <param name="view">The view.</param>
/// <param name="atATime">How many jobs run at the same time.</param>
internal sealed class CompareDisplay(IProgressView view, int atATime) : IComparisonObserver, IProgressStatus
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private ComparisonProgress? _progress;
    private readonly OrderedDictionary<string, (JobStage Stage, double Share)> _running = [];

    /// <inheritdoc/>
    public double Fraction => _progress?.Fraction ?? 0;

    /// <inheritdoc/>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <inheritdoc/>
    public string TimeLeft => _progress?.TimeLeft is { } left ? Duration(left.TotalSeconds) + (_progress.IsRough ? "?" : "") : "...";

    /// <inheritdoc/>
    public IEnumerable<(string Name, string Value)> Figures()
    {
        foreach (var (job, (stage, share)) in _running)
        {
            yield return ("job", $"{job}: {Of(stage)}, {Share(share)} done");
        }

        yield return ("machine", $"{Bytes(ProcessMemory.CurrentMegabytes() * 1e6)} of memory");
    }

    /// <inheritdoc/>
    public string Line() => $"{string.Join(", ", _running.Select(running => $"{running.Key}: {Of(running.Value.Stage)} {Share(running.Value.Share)}"))}, left {TimeLeft}";

    /// <inheritdoc/>
    public void OnStart(IReadOnlyList<JobRecord> records, ComparisonOptions options, double targetOps)
    {
        _progress = new ComparisonProgress(records, atATime);
        var finished = records.Count(record => record.State == JobState.Finished);
        view.Say(Text($"{records.Count} jobs, {finished} finished before; {ComparisonTables.Width(options, targetOps)}. Primary row: {options.PrimaryRow}."));
    }

    /// <inheritdoc/>
    public void OnProgress(ComparisonJob job, JobStage stage, double share)
    {
        var isNew = !_running.TryGetValue(job.Name, out var before) || before.Stage != stage;
        _progress!.Add(job, stage, share);
        _running[job.Name] = (stage, share);
        view.Update(this);
        if (isNew && share < 1)
        {
            view.Say($"{job.Name}: {Of(stage)}{(share > 0 ? $" from {Share(share)}" : "")}, left {TimeLeft}", Tone.Quiet);
        }
    }

    /// <inheritdoc/>
    public void OnJob(JobRecord record)
    {
        var name = record.Name;
        _running.Remove(name);
        if (record.State != JobState.Failed && record.Result is { } result)
        {
            var candidates = record.Selection is { } selection ? Text($"best of {selection.Candidates} candidates; ") : "";
            var trainings = record.Trainings.Count > 1 ? Text($", mean of {record.Trainings.Count} trainings") : "";
            view.Say(Text($"{name}: {candidates}top-1 {ComparisonTables.Accuracy(result)} of {result.TestImages} test images{trainings}, {result.Ops / 1e6:0.000} M OPs (C {result.Channels}, {result.OpsDeviation * 100:+0.0;-0.0;0.0} % off), {result.Mbit:0.000} Mbit; left {TimeLeft}"));
        }
        else
        {
            view.Say($"{name} failed: {record.Error}", Tone.Alarming);
        }
    }

    /// <inheritdoc/>
    public void OnRank(string job, int networks) => view.Say(Text($"{job}: its search scores {networks} networks of the population"), Tone.Quiet);

    /// <inheritdoc/>
    public void OnWarning(string text) => view.Say($"warning: {text}", Tone.Alarming);

    private static string Of(JobStage stage) => stage == JobStage.Search ? "search" : "training";
}
