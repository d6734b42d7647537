using DcpNas.Runs;

namespace DcpNas.Training;

/// <summary>Writes what a training does to the log of its run.</summary>
/// <param name="log">The log.</param>
/// <param name="stages">All stages; a stage's place is its round.</param>
public sealed class TrainRecorder(RunLog log, IReadOnlyList<TrainStage> stages) : ITrainObserver
{
    /// <inheritdoc/>
    public void OnStep(TrainStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        log.Append(MetricRecord.OfStep(step.GlobalStep, step.Epoch, Round(step.Stage), step.Stage.Name, step.Loss, step.Seconds)
            .Set("rate", step.Rate).Set("gradient_norm", step.GradientNorm));
    }

    /// <inheritdoc/>
    public void OnEpoch(TrainEpoch epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        var totals = epoch.Totals;
        var record = MetricRecord.OfEpoch(epoch.Epoch, Round(epoch.Stage), epoch.Stage.Name)
            .Set(MetricFields.Epochs, TrainPlan.Epochs(stages))
            .Set(MetricFields.Network, epoch.Stage.Name)
            .Set("train_loss", totals.Loss / Math.Max(1, totals.Steps))
            .Set($"train_{epoch.PrimaryMetric}", totals.Score / Math.Max(1, totals.Images));
        foreach (var (name, value) in epoch.Validation.Metrics)
        {
            record.Set($"valid_{name}", value);
        }

        log.Append(record
            .Set("rate", epoch.Rate)
            .Set("gradient_norm", totals.GradientNorm / Math.Max(1, totals.Steps))
            .Set(MetricFields.Seconds, totals.Seconds)
            .Set(MetricFields.CpuSeconds, totals.CpuSeconds)
            .Set("images_per_second", totals.Images / Math.Max(totals.Seconds, 1e-9))
            .Set("data_wait_seconds", totals.WaitSeconds)
            .Set("peak_memory_mb", ProcessMemory.PeakMegabytes()));
    }

    /// <inheritdoc/>
    public void OnEvent(int epoch, bool warning, string name, string text) => log.Append(MetricRecord.OfEvent(epoch, warning, name, text));

    private int Round(TrainStage stage) => stages.TakeWhile(other => other != stage).Count();
}
