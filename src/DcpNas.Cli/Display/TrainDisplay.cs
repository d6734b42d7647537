using DcpNas.Training;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Display;

/// <summary>Shows a training in a view.</summary>
internal sealed class TrainDisplay(IProgressView view) : ITrainObserver
{
    private readonly TrainStatus _status = new();

    /// <inheritdoc/>
    public void OnStart(TrainStart start)
    {
        _status.Begin(start);
        var options = start.Options;
        view.Say($"Training ({options.Architecture}, scheme {options.Scheme.ToString().ToLowerInvariant()}, seed {options.Seed}) on {start.Dataset}: "
            + $"{string.Join(", ", start.Stages.Select(stage => $"{stage.Name} {stage.Epochs}"))} epochs of {start.StepsPerEpoch} steps, batch {options.BatchSize}"
            + $"{(options.Accumulate > 1 ? $" x {options.Accumulate}" : "")}, {options.Device}, {options.Threads} {(options.Threads == 1 ? "thread" : "threads")}.");
    }

    /// <inheritdoc/>
    public void OnStep(TrainStep step)
    {
        _status.Add(step);
        view.Update(_status);
    }

    /// <inheritdoc/>
    public void OnEpoch(TrainEpoch epoch)
    {
        _status.Add(epoch);
        view.Say(Text($"epoch {epoch.Epoch + 1,3}/{_status.Start!.Epochs} {epoch.Stage.Name,-7} loss {epoch.Totals.Loss / Math.Max(1, epoch.Totals.Steps):0.000}")
            + $"  train {Share(epoch.Totals.Score / Math.Max(1, epoch.Totals.Images))}, valid {Share(epoch.Validation[epoch.PrimaryMetric])}{(epoch.IsBest ? " (best)" : "")}"
            + Text($"  rate {epoch.Rate:0.0e+0}  {Duration(epoch.Totals.Seconds)}, left {_status.TimeLeft}"), Tone.Quiet);
    }

    /// <inheritdoc/>
    public void OnEvent(int epoch, bool warning, string name, string text) => view.Say(warning ? $"warning: {text}" : text, warning ? Tone.Alarming : Tone.Plain);
}
