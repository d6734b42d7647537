using System.CommandLine;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas detect</c>: detectors of objects.</summary>
internal static class DetectCommand
{
    /// <summary>The group.</summary>
    public static Command Create() => new("detect", "Train, judge and use detectors of objects with 1-bit networks.")
    {
        DetectTrainCommand.Create(),
        DetectEvaluateCommand.Create(),
        DetectPredictCommand.Create(),
    };
}
