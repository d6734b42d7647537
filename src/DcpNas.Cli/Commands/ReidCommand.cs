using System.CommandLine;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas reid</c>: person re-identification on a 1-bit backbone.</summary>
internal static class ReidCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new("reid", "Person re-identification: train embeddings, evaluate them, draw ranked lists.")
    {
        ReidTrainCommand.Create(),
        ReidEvaluateCommand.Create(),
        ReidRankCommand.Create(),
    };
}
