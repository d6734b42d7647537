using System.CommandLine;
using DcpNas.Cli.Options;
using DcpNas.Training;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas detect</c>: detectors of objects.</summary>
internal static class DetectCommand
{
    /// <summary>The group.</summary>
    public static Command Create() => new("detect", "Train, judge and use detectors of objects with 1-bit networks.")
    {
        TrainCommand.Create("Train a detector on a 1-bit backbone: in one stage (SSD), or Faster R-CNN.", new OptionSet<DetectOptions>(DetectOptions.Load, DetectOptions.FromJson)),
        DetectEvaluateCommand.Create(),
        DetectPredictCommand.Create(),
    };
}
