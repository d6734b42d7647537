using System.Diagnostics;
using DcpNas.Runs;
using DcpNas.Search;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Display;

/// <summary>What a display shows of a running search: gathered from its events.</summary>
internal sealed class SearchStatus : IProgressStatus
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

    /// <inheritdoc/>
    public double Fraction => _estimate?.Fraction ?? 0;

    /// <inheritdoc/>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <summary>Images of the weight half per second of work, smoothed.</summary>
    public double ImagesPerSecond => _speed;

    /// <inheritdoc/>
    public string TimeLeft => _estimate?.TimeLeft is { } left ? Duration(left.TotalSeconds) + (_estimate.IsRough ? "?" : "") : "...";

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

    /// <inheritdoc/>
    public string Line() => SearchLines.Step(this);

    /// <inheritdoc/>
    public IEnumerable<(string Name, string Value)> Figures()
    {
        if (this is not { Start: { } start, Step: { } step })
        {
            yield break;
        }

        var rounds = start.Options.Strategy is SearchStrategy.Dcp or SearchStrategy.Cp ? $"round {step.Epoch.Round + 1}/{start.Options.Rounds}, " : "";
        yield return ("phase", $"{rounds}{Phase(step.Epoch.Phase)}{(step.Epoch.StepsArchitecture ? "" : " (warm-up: alpha rests)")}, "
            + $"epoch {step.Epoch.Index + 1}/{start.Epochs.Count}, step {step.Step + 1}/{start.StepsPerEpoch}");
        var reconstruction = step.Weights.Reconstruction != 0 ? Text($", L_R {step.Weights.Reconstruction:0.0}") : "";
        yield return ("losses", Text($"weights {step.Weights.Loss:0.000}{reconstruction}") + (step.Architecture is { } alpha ? Text($", alpha {alpha.Loss:0.000}") : ""));
        if (Tangent is { } tangent)
        {
            yield return ("tangents", Text($"D {tangent.Discrepancy:0.00e+0}, cosine of g_P and g_C {tangent.Cosine:0.000}"));
        }

        if (Epoch is { } epoch)
        {
            var trained = epoch.Totals.Correct / (double)Math.Max(1, epoch.Totals.Images);
            yield return ("supernet", $"train {Share(trained)}, valid {Share(epoch.SupernetTop1)} top-1 ({Phase(epoch.Epoch.Phase)}, epoch {epoch.Epoch.Index + 1})");
            yield return ("alpha", Text($"entropy {epoch.Health.EntropyNormal:0.000} normal, {epoch.Health.EntropyReduction:0.000} reduction; skip {epoch.Health.SkipShare * 100:0} %, pool {epoch.Health.PoolShare * 100:0} % of the normal cell"));
        }

        yield return ("machine", $"{Bytes(ProcessMemory.CurrentMegabytes() * 1e6)} of memory, {Text($"{ImagesPerSecond:0.0}")} images/s");
    }

    private static string KindOf(SearchEpoch epoch) => $"{epoch.Phase}{(epoch.StepsArchitecture ? "" : " warm-up")}";
}
