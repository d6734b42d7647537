using System.CommandLine;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas data</c>: checks and downloads data sets.</summary>
internal static class DataCommand
{
    /// <summary>The group.</summary>
    public static Command Create() => new("data", "Check or download data sets.") { DataCheckCommand.Create(), DataDownloadCommand.Create() };
}
