using System.Diagnostics;
using DcpNas.Runs;
using DcpNas.Training;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Display;

/// <summary>What a view shows of a running training: gathered from its events.</summary>
internal sealed class TrainStatus : IProgressStatus
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private ProgressEstimate? _estimate;
    private TrainStep? _step;
    private TrainEpoch? _epoch;
    private double _speed;

    /// <summary>What was planned; null before the start.</summary>
    public TrainStart? Start { get; private set; }

    /// <inheritdoc/>
    public double Fraction => _estimate?.Fraction ?? 0;

    /// <inheritdoc/>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <inheritdoc/>
    public string TimeLeft => _estimate?.TimeLeft is { } left ? Duration(left.TotalSeconds) + (_estimate.IsRough ? "?" : "") : "...";

    /// <summary>Takes in the plan.</summary>
    public void Begin(TrainStart start)
    {
        Start = start;
        _estimate = new ProgressEstimate(start.Stages.ToDictionary(stage => stage.Name, stage => (long)stage.Epochs * start.StepsPerEpoch));
        foreach (var stage in start.Stages)
        {
            var epochs = Math.Clamp(start.FirstEpoch - stage.FirstEpoch, 0, stage.Epochs);
            var isCurrent = start.FirstEpoch >= stage.FirstEpoch && start.FirstEpoch < stage.FirstEpoch + stage.Epochs;
            _estimate.Skip(stage.Name, ((long)epochs * start.StepsPerEpoch) + (isCurrent ? start.FirstStep : 0));
        }
    }

    /// <summary>Takes in a step.</summary>
    public void Add(TrainStep step)
    {
        _estimate?.Record(step.Stage.Name, step.Seconds);
        var speed = step.Images / Math.Max(step.Seconds, 1e-9);
        _speed = _speed == 0 || _step?.Stage != step.Stage ? speed : (0.9 * _speed) + (0.1 * speed);
        _step = step;
    }

    /// <summary>Takes in an epoch.</summary>
    public void Add(TrainEpoch epoch) => _epoch = epoch;

    /// <inheritdoc/>
    public string Line() => this is { Start: { } start, _step: { } step }
        ? Text($"epoch {step.Epoch + 1,3}/{start.Epochs} {step.Stage.Name,-7} step {step.Step + 1}/{start.StepsPerEpoch}  loss {step.Loss:0.000}")
            + $"  {Text($"{_speed:0.0}")} images/s  memory {Bytes(ProcessMemory.CurrentMegabytes() * 1e6)}  left {TimeLeft}"
        : "preparing ...";

    /// <inheritdoc/>
    public IEnumerable<(string Name, string Value)> Figures()
    {
        if (this is not { Start: { } start, _step: { } step })
        {
            yield break;
        }

        yield return ("stage", $"{step.Stage.Name}, epoch {step.Epoch + 1}/{start.Epochs}, step {step.Step + 1}/{start.StepsPerEpoch}");
        yield return ("loss", Text($"{step.Loss:0.000}, gradient {step.GradientNorm:0.00}, rate {step.Rate:0.0e+0}"));
        if (_epoch is { } epoch)
        {
            yield return ("accuracy", $"train {Share(epoch.Totals.Score / Math.Max(1, epoch.Totals.Images))}, valid {Share(epoch.Validation[epoch.PrimaryMetric])} ({epoch.Stage.Name}, epoch {epoch.Epoch + 1})");
        }

        yield return ("machine", $"{Bytes(ProcessMemory.CurrentMegabytes() * 1e6)} of memory, {Text($"{_speed:0.0}")} images/s");
    }
}
