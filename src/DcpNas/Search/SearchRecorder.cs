using DcpNas.Runs;
using DcpNas.SearchSpace;

namespace DcpNas.Search;

/// <summary>Writes what a search does to the log of its run.</summary>
/// <param name="log">The log.</param>
public sealed class SearchRecorder(RunLog log) : ISearchObserver
{
    private int _epochs;

    /// <inheritdoc/>
    public void OnStart(SearchStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        _epochs = start.Epochs.Count;
    }

    /// <inheritdoc/>
    public void OnStep(SearchStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Append(step, "weights", step.Weights, step.WeightSeconds);
        if (step.Architecture is { } alpha)
        {
            Append(step, "alpha", alpha, step.ArchitectureSeconds);
        }
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochSummary epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        var (totals, health, decision) = (epoch.Totals, epoch.Health, epoch.Health.Decision);
        var phase = Name(epoch.Epoch.Phase);
        var record = MetricRecord.OfEpoch(epoch.Epoch.Index, epoch.Epoch.Round, epoch.Epoch.StepsArchitecture ? phase : "warmup")
            .Set(MetricFields.Epochs, _epochs)
            .Set("network", phase)
            .Set("supernet_train_top1", totals.Correct / (double)Math.Max(1, totals.Images))
            .Set("supernet_valid_top1", epoch.SupernetTop1)
            .Set($"{phase}_loss", Mean(totals.Loss, totals.Steps))
            .Set("alpha_entropy_normal", health.Normal.Entropy)
            .Set("alpha_entropy_reduction", health.Reduction.Entropy)
            .Set("skip_share", health.Normal.SkipShare)
            .Set("pool_share", health.Normal.PoolShare)
            .Set("none_share", health.Normal.NoneShare)
            .Set("skip_share_reduction", health.Reduction.SkipShare)
            .Set("pool_share_reduction", health.Reduction.PoolShare)
            .Set("none_share_reduction", health.Reduction.NoneShare)
            .Set("weightless_margin_normal", health.Normal.Margin)
            .Set("weightless_margin_reduction", health.Reduction.Margin)
            .Set("winner_probability_normal", decision.Normal.MeanProbability)
            .Set("winner_probability_reduction", decision.Reduction.MeanProbability)
            .Set("decided_edges_normal", decision.Normal.DecidedCount)
            .Set("decided_edges_reduction", decision.Reduction.DecidedCount)
            .Set("expected_ops", epoch.ExpectedOps)
            .Set("expected_memory_mbit", epoch.ExpectedMbit)
            .Set("seconds", totals.Seconds)
            .Set("images_per_second", totals.Images / Math.Max(totals.Seconds, 1e-9))
            .Set("data_wait_seconds", totals.WaitSeconds)
            .Set("peak_memory_mb", ProcessMemory.PeakMegabytes())
            .Set("genotype", health.Genotype.ToString())
            .Set(MetricFields.Decision, decision.ToJson());
        // What was not measured has no field.
        if (totals.Reconstruction is { } reconstruction)
        {
            record.Set("reconstruction", Mean(reconstruction, totals.Steps));
        }

        if (totals is { Discrepancy: { } discrepancy, Cosine: { } cosine })
        {
            record.Set("discrepancy", Mean(discrepancy, totals.ArchitectureSteps)).Set("gradient_cosine", Mean(cosine, totals.ArchitectureSteps));
        }

        if (totals is { TangentShare: { } share, StepCosine: { } stepCosine })
        {
            record.Set("tangent_share", Mean(share, totals.ArchitectureSteps)).Set("step_cosine", Mean(stepCosine, totals.ArchitectureSteps));
        }

        log.Append(record);
        foreach (var kind in (CellKind[])[CellKind.Normal, CellKind.Reduction])
        {
            var probabilities = epoch.Networks.Of(epoch.Epoch.Phase).Architecture.Probabilities(kind);
            log.Append(MetricRecord.OfAlpha(epoch.Epoch.Index, phase, kind == CellKind.Normal ? "normal" : "reduction", probabilities));
        }
    }

    /// <inheritdoc/>
    public void OnEvent(int epoch, bool warning, string name, string text) => log.Append(MetricRecord.OfEvent(epoch, warning, name, text));

    private static string Name(SearchPhase phase) => phase == SearchPhase.Parent ? "parent" : "child";

    private static double Mean(double sum, int count) => sum / Math.Max(1, count);

    private void Append(SearchStep step, string what, StepResult result, double seconds) => log.Append(
        MetricRecord.OfStep(step.GlobalStep, step.Epoch.Index, step.Epoch.Round, $"{Name(step.Epoch.Phase)}_{what}", result.Loss, seconds));
}
