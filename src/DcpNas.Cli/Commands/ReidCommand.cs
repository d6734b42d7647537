using System.CommandLine;
using DcpNas.Cli.Options;
using DcpNas.Training;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas reid</c>: person re-identification on a 1-bit backbone.</summary>
internal static class ReidCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new("reid", "Person re-identification: train embeddings, evaluate them, draw ranked lists.")
    {
        TrainCommand.Create("Train a network that tells persons apart.", new OptionSet<ReIdentificationTrainOptions>(ReIdentificationTrainOptions.Load, ReIdentificationTrainOptions.FromJson)),
        ReidEvaluateCommand.Create(),
        ReidRankCommand.Create(),
    };
}
