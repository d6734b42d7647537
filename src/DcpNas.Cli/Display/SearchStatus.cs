using System.Diagnostics;
using DcpNas.Runs;
using DcpNas.Search;

namespace DcpNas.Cli.Display;

/// <summary>What a display shows of a running search: gathered from its events.</summary>
internal sealed class SearchStatus
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private ProgressEstimate? _estimate;
    private double _speed;

    /// <summary>What was planned; null before the start.</summary>
    public SearchStart? Start { get; private set; }

    /// <summary>The newest step.</summary>
    public SearchStep? Step { get; private set; }

    /// <summary>The newest step of a Child's alpha.</summary>
    public ChildGradient? Tangent { get; private set; }

    /// <summary>The newest finished epoch.</summary>
    public EpochSummary? Epoch { get; private set; }

    /// <summary>Share of the steps that are done, 0 to 1.</summary>
    public double Fraction => _estimate?.Fraction ?? 0;

    /// <summary>Time since this session began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <summary>Images of the weight half per second of work, smoothed.</summary>
    public double ImagesPerSecond => _speed;

    /// <summary>The time left as a text; a ? marks one that rests on a phase not seen yet.</summary>
    public string TimeLeft => _estimate?.TimeLeft is { } left ? Words.Duration(left.TotalSeconds) + (_estimate.IsRough ? "?" : "") : "...";

    /// <summary>Takes in the plan.</summary>
    public void Begin(SearchStart start)
    {
        Start = start;
        _estimate = new ProgressEstimate(start.Epochs.GroupBy(KindOf).ToDictionary(kind => kind.Key, kind => (long)kind.Count() * start.StepsPerEpoch));
        foreach (var epoch in start.Epochs.Take(start.FirstEpoch))
        {
            _estimate.Skip(KindOf(epoch), start.StepsPerEpoch);
        }

        if (start.FirstEpoch < start.Epochs.Count)
        {
            _estimate.Skip(KindOf(start.Epochs[start.FirstEpoch]), start.FirstStep);
        }
    }

    /// <summary>Takes in a step.</summary>
    public void Add(SearchStep step)
    {
        var seconds = step.WeightSeconds + step.ArchitectureSeconds;
        _estimate?.Record(KindOf(step.Epoch), seconds);
        var speed = step.Images / Math.Max(seconds, 1e-9);
        _speed = _speed == 0 || Step?.Epoch.Phase != step.Epoch.Phase ? speed : (0.9 * _speed) + (0.1 * speed);
        Tangent = step.Architecture?.Child ?? Tangent;
        Step = step;
    }

    /// <summary>Takes in an epoch.</summary>
    public void Add(EpochSummary epoch) => Epoch = epoch;

    private static string KindOf(SearchEpoch epoch) => $"{epoch.Phase}{(epoch.StepsArchitecture ? "" : " warm-up")}";
}
