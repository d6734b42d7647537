using System.Diagnostics;
using DcpNas.Comparison;
using Spectre.Console;
using Spectre.Console.Rendering;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Display;

/// <summary>Shows a comparison on stderr while it runs: a bar over all jobs where that is a terminal, else a line per part of a job and every half minute.</summary>
internal sealed class CompareDisplay : IComparisonObserver
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private readonly bool _isLive = Terminal.IsLive;
    private readonly long _began = Stopwatch.GetTimestamp();
    private ComparisonProgress? _progress;
    private ProgressTask? _bar;
    private (string Job, JobStage Stage) _current;
    private long _last;

    /// <summary>Runs a comparison on this thread under the display.</summary>
    public void Run(Action comparison)
    {
        if (!_isLive)
        {
            comparison();
            return;
        }

        Terminal.Messages.Progress().AutoClear(true).HideCompleted(false)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = 40 }, new PercentageColumn(), new TimeColumn(this))
            .Start(context =>
            {
                _bar = context.AddTask("preparing", maxValue: 1);
                comparison();
            });
    }

    /// <summary>Shows a line that stays; from any thread.</summary>
    public void Say(string text)
    {
        if (_isLive)
        {
            Terminal.Messages.Write(new StandingLine(text, Style.Plain));
        }
        else
        {
            Console.Error.WriteLine(text);
        }
    }

    /// <inheritdoc/>
    public void OnStart(IReadOnlyList<JobRecord> records, double targetOps)
    {
        _progress = new ComparisonProgress(records);
        var finished = records.Count(record => record.State == JobState.Finished);
        Say(Text($"{records.Count} jobs, {finished} finished before; every network as near to {targetOps / 1e6:0.000} M OPs as its width allows."));
    }

    /// <inheritdoc/>
    public void OnProgress(ComparisonJob job, JobStage stage, double share)
    {
        _progress!.Add(job, stage, share);
        var isNew = _current != (job.Name, stage);
        _current = (job.Name, stage);
        if (_bar is { } bar)
        {
            bar.Value = _progress.Fraction;
            bar.Description = $"{job.Name} {Of(stage)} {Share(share)}";
        }
        else if (share < 1 && (isNew || Stopwatch.GetElapsedTime(_last) >= Interval))
        {
            Say($"{job.Name}: {Of(stage)} {Share(share)}, left {TimeLeft}");
            _last = Stopwatch.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    public void OnJob(JobRecord record)
    {
        var outcome = record.Result is { } result
            ? Text($"top-1 {result.Top1 * 100:0.00} % on {result.TestImages} test images, {result.Ops / 1e6:0.000} M OPs (C {result.Channels}, {result.OpsDeviation * 100:+0.0;-0.0;0.0} % off), {result.Mbit:0.000} Mbit")
            : $"FAILED: {record.Error}";
        Say($"{record.Strategy}-seed{record.Seed}: {outcome}; left {TimeLeft}");
    }

    /// <inheritdoc/>
    public void OnWarning(string text) => Say($"warning: {text}");

    private string TimeLeft => _progress?.TimeLeft is { } left ? Duration(left.TotalSeconds) + (_progress.IsRough ? "?" : "") : "...";

    private static string Of(JobStage stage) => stage == JobStage.Search ? "search" : "training";

    private sealed class TimeColumn(CompareDisplay display) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text($"{Duration(Stopwatch.GetElapsedTime(display._began).TotalSeconds)} spent, {display.TimeLeft} left");
    }
}
