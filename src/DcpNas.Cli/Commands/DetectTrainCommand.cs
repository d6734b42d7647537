using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas detect train</c>: trains a detector in a run folder, or resumes the training that the folder holds.</summary>
internal static class DetectTrainCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Option<string>("--run") { Description = "Run folder; the same options in the same folder resume", HelpName = "DIR", Required = true };
        var json = JsonOutput.Option();
        var values = DetectOptionHelp.Set();
        var command = new Command("train", "Train a one-stage detector (SSD) on a 1-bit backbone. Values: command line, else options file, else default.") { run, json };
        values.AddTo(command);
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(run);
            var outcome = TrainSession.Run(values.Read(parsed), folder, Invocation.CommandLine);
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(TrainSession.Describe(outcome, folder));
            }
            else
            {
                TrainSession.Print(outcome);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
