using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;
using DcpNas.Training;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas train</c>, and the command of the same name of every other task: trains in a run folder, or resumes the training that the folder holds.</summary>
internal static class TrainCommand
{
    /// <summary>The command that trains classifiers.</summary>
    public static Command Create() => Create("Train the final network of a genotype, or a baseline.", new OptionSet<TrainOptions>(TrainOptions.Load, TrainOptions.FromJson), new ChipBudget());

    /// <summary>The command that trains for any task.</summary>
    /// <param name="description">What it trains.</param>
    /// <param name="values">The options of the task.</param>
    /// <param name="budget">Limits on the network; null where the task has none.</param>
    public static Command Create<TOptions>(string description, OptionSet<TOptions> values, ChipBudget? budget = null)
        where TOptions : TrainingOptions, new()
    {
        var run = new Option<string>("--run") { Description = "Run folder; the same options in the same folder resume", HelpName = "DIR", Required = true };
        var plan = new Option<bool>("--plan") { Description = "Predict time, memory and disk by a short trial; writes nothing. Exit code 1: it will not fit" };
        var json = JsonOutput.Option();
        var command = new Command("train", $"{description} Values: command line, else options file, else default.") { run, plan, json };
        values.AddTo(command);
        budget?.AddTo(command);
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(run);
            if (parsed.GetValue(plan))
            {
                return Plan(values.Read(parsed), folder, parsed.GetValue(json));
            }

            var outcome = TrainSession.Run(values.Read(parsed), folder, Invocation.CommandLine, budget?.Read(parsed));
            JsonOutput.Show(parsed.GetValue(json), () => TrainSession.Describe(outcome, folder), () => TrainSession.Print(outcome));
            return ExitCode.Done;
        });
        return command;
    }

    private static int Plan(TrainingOptions options, string folder, bool json)
    {
        using var interruption = new Interruption(() => Console.Error.WriteLine("Stopping."));
        Console.Error.WriteLine("Trying a few steps of each stage ...");
        var plan = TrainTrial.Run(options, folder, interruption.Token);
        JsonOutput.Show(json, plan.ToJson, () => PlanOutput.Print(plan));
        return plan.Problems().Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
