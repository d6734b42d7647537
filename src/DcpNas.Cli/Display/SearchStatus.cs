using DcpNas.Runs;
using DcpNas.Search;
using DcpNas.SearchSpace;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Display;

/// <summary>What a display shows of a running search: gathered from its events.</summary>
/// <param name="time">The clock; null is that of the system.</param>
internal sealed class SearchStatus(TimeProvider? time = null) : IProgressStatus
{
    private const string SelectionKind = "selection";

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private long _began;
    private long _last;
    private ProgressEstimate? _estimate;
    private double _speed;

    /// <summary>What was planned; null before the start.</summary>
    public SearchStart? Start { get; private set; }

    /// <summary>The newest step.</summary>
    public SearchStep? Step { get; private set; }

    /// <summary>The newest finished epoch.</summary>
    public EpochSummary? Epoch { get; private set; }

    /// <summary>Genotypes or operations that held-out images have judged; 0 before the end of the last epoch.</summary>
    public int Evaluations { get; private set; }

    /// <inheritdoc/>
    public double Fraction => _estimate?.Fraction ?? 0;

    /// <inheritdoc/>
    public TimeSpan Elapsed => _time.GetElapsedTime(_began);

    /// <summary>Images of the weight half per second of work, smoothed.</summary>
    public double ImagesPerSecond => _speed;

    /// <inheritdoc/>
    public string TimeLeft => _estimate?.TimeLeft is { } left ? Duration(left.TotalSeconds) + (_estimate.IsRough ? "?" : "") : "...";

    /// <summary>Takes in the plan.</summary>
    public void Begin(SearchStart start)
    {
        Start = start;
        _began = _last = _time.GetTimestamp();
        var planned = start.Epochs.GroupBy(KindOf).ToDictionary(kind => kind.Key, kind => (long)kind.Count() * start.StepsPerEpoch);
        foreach (var phase in start.Epochs.GroupBy(EndOf))
        {
            planned.Add(phase.Key, phase.Count());
        }

        if (SearchSchedule.SelectionEvaluations(start.Options) is > 0 and var evaluations)
        {
            planned.Add(SelectionKind, evaluations);
        }

        _estimate = new ProgressEstimate(planned);
        foreach (var epoch in start.Epochs.Take(start.FirstEpoch))
        {
            _estimate.Skip(KindOf(epoch), start.StepsPerEpoch);
            _estimate.Skip(EndOf(epoch), 1);
        }

        if (start.FirstEpoch < start.Epochs.Count)
        {
            _estimate.Skip(KindOf(start.Epochs[start.FirstEpoch]), start.FirstStep);
        }
    }

    /// <summary>Takes in a step.</summary>
    public void Add(SearchStep step)
    {
        // The clock, not the seconds of work: waiting for batches and the checkpoints between steps take time too.
        _estimate?.Record(KindOf(step.Epoch), SecondsSinceLast());
        var seconds = step.WeightSeconds + step.ArchitectureSeconds;
        var speed = step.Images / Math.Max(seconds, 1e-9);
        _speed = _speed == 0 || Step?.Epoch.Phase != step.Epoch.Phase ? speed : (0.9 * _speed) + (0.1 * speed);
        Step = step;
    }

    /// <summary>Takes in an epoch, after its evaluation.</summary>
    public void Add(EpochSummary epoch)
    {
        _estimate?.Record(EndOf(epoch.Epoch), SecondsSinceLast());
        Epoch = epoch;
    }

    /// <summary>Takes in an evaluation of the selection.</summary>
    public void AddEvaluation(int done)
    {
        _estimate?.Record(SelectionKind, SecondsSinceLast());
        Evaluations = done;
    }

    /// <inheritdoc/>
    public string Line() => Evaluations > 0 ? $"{SearchLines.Selection(this)}  left {TimeLeft}" : SearchLines.Step(this);

    /// <inheritdoc/>
    public IEnumerable<(string Name, string Value)> Figures()
    {
        if (this is not { Start: { } start, Step: { } step })
        {
            yield break;
        }

        var restarts = start.Options.Restarts > 1 ? $"restart {step.Epoch.Restart + 1}/{start.Options.Restarts}, " : "";
        var rounds = start.Options.Row.AlternatesPhases ? $"round {step.Epoch.Round + 1}/{start.Options.Rounds}, " : "";
        yield return ("phase", Evaluations > 0 ? SearchLines.Selection(this) : $"{restarts}{rounds}{Phase(step.Epoch.Phase)}{(step.Epoch.StepsArchitecture ? "" : " (warm-up: alpha rests)")}, "
            + $"epoch {step.Epoch.Index + 1}/{start.Epochs.Count}, step {step.Step + 1}/{start.StepsPerEpoch}");
        var reconstruction = step.Weights.Reconstruction is { } error ? Text($", L_R {error:0.0}") : "";
        yield return ("losses", Text($"weights {step.Weights.Loss:0.000}{reconstruction}") + (step.Architecture is { } alpha ? Text($", alpha {alpha.Loss:0.000}") : ""));
        if (step.Architecture?.Gradient is { Discrepancy: { } discrepancy, Cosine: { } cosine, Tangent: { } tangent })
        {
            yield return ("tangents", Text($"D {discrepancy:0.00e+0}, cosine of g_P and g_C {cosine:0.000}; {tangent.Share * 100:0.0} % of the step, which turns by a cosine of {tangent.StepCosine:0.000}"));
        }

        if (Epoch is { } epoch)
        {
            var trained = epoch.Totals.Correct / (double)Math.Max(1, epoch.Totals.Images);
            yield return ("supernet", $"train {Share(trained)}, valid {Share(epoch.SupernetTop1)} top-1 ({Phase(epoch.Epoch.Phase)}, epoch {epoch.Epoch.Index + 1})");
            yield return ("normal cell", Cell(epoch.Health.Normal, epoch.Health.Decision.Normal));
            yield return ("reduction cell", Cell(epoch.Health.Reduction, epoch.Health.Decision.Reduction));
        }

        yield return ("machine", $"{Bytes(ProcessMemory.CurrentMegabytes() * 1e6)} of memory, {Text($"{ImagesPerSecond:0.0}")} images/s");
    }

    private static string Cell(CellHealth health, CellDecision decision) =>
        Text($"decided {decision.DecidedCount} of {decision.KeptCount} edges; winner {decision.MeanProbability * 100:0.0} % on average, {EdgeDecision.Uniform * 100:0.0} % is uniform; ")
        + Text($"skip {health.SkipShare * 100:0} %, pool {health.PoolShare * 100:0} % of its edges");

    private static string EndOf(SearchEpoch epoch) => $"{epoch.Phase} evaluation";

    private double SecondsSinceLast()
    {
        var (before, now) = (_last, _time.GetTimestamp());
        _last = now;
        return _time.GetElapsedTime(before, now).TotalSeconds;
    }

    private static string KindOf(SearchEpoch epoch) => $"{epoch.Phase}{(epoch.StepsArchitecture ? "" : " warm-up")}";
}
