using System.CommandLine;
using DcpNas.Candidates;
using DcpNas.Cli.Display;
using DcpNas.Cli.Jobs;
using DcpNas.Cli.Options;
using DcpNas.Runs;
using DcpNas.Tasks.Classification;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas select</c>: ends a search by brief trainings of candidates that it prefers.</summary>
internal static class SelectCommand
{
    private static readonly SelectionOptions Defaults = new() { Run = "" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = OptionText.Of(Defaults, nameof(SelectionOptions.Run)), HelpName = "DIR" };
        var candidates = WholeNumber.Option("--candidates", OptionText.Of(Defaults, nameof(SelectionOptions.Candidates)), Defaults.Candidates);
        var epochs = WholeNumber.Optional<int>("--candidate-epochs", OptionText.Of(Defaults, nameof(SelectionOptions.CandidateEpochs)));
        var workers = WorkerOptions.Create();
        var json = JsonOutput.Option();
        var chip = new ChipOptions();
        var values = new OptionSet<TrainOptions>(TrainOptions.Load, TrainOptions.FromJson, "task");
        var command = new Command(
            "select", "Choose the network of a finished search by brief trainings of candidates that it prefers, the best on validation images. The training options are those of train.")
        {
            run, candidates, epochs, workers.Jobs, workers.Gpus, json,
        };
        values.AddTo(command);
        chip.AddTo(command);
        command.SetAction(parsed =>
        {
            var options = new SelectionOptions
            {
                Run = parsed.GetRequiredValue(run),
                Candidates = parsed.GetValue(candidates),
                CandidateEpochs = parsed.GetValue(epochs),
                Train = values.Read(parsed),
                Chip = chip.Read(parsed),
            };
            var outcome = SelectionSession.Run(options, Invocation.CommandLine, WorkerOptions.Read(parsed, workers));
            JsonOutput.Show(parsed.GetValue(json), outcome.ToJson, () =>
            {
                SelectionSession.Print(outcome);
                Terminal.Print($"report    {Path.Combine(options.Run, RunFiles.Report)}");
            });
            return ExitCode.Done;
        });
        return command;
    }
}
