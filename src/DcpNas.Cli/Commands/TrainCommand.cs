using System.CommandLine;
using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Cli.Options;
using DcpNas.Cost;
using DcpNas.Distributed;
using DcpNas.Inference;
using DcpNas.Networks;
using DcpNas.Search;
using DcpNas.Tasks;
using DcpNas.Training;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas train</c>: trains a network for any task in a run folder, or resumes the training that the folder holds.</summary>
internal static class TrainCommand
{
    private const string Name = "train";

    /// <summary>The command of all tasks, or its alias for one.</summary>
    /// <param name="task">The task of the alias; null for the command of all.</param>
    public static Command Create(TaskRow? task = null)
    {
        var run = new Option<string>("--run") { Description = "Run folder; the same options in the same folder resume", HelpName = "DIR", Required = true };
        var plan = new Option<bool>("--plan") { Description = "Predict time, memory and disk by a short profiling run; writes nothing. Exit code 1: it will not fit" };
        var config = OptionSet.Config();
        var json = JsonOutput.Option();
        var chip = new ChipOptions();
        var values = new TaskOptionSet(
            task is null ? TaskTable.All : [task], row => row.Training(), $"What is learned; an options file may say it by its key task (default {TaskNames.Default})");
        var command = new TaskCommand(
            Name, $"{TaskGroup.AliasHelp(Name, task)}Train the network of a genotype, or a baseline. {(task is null ? $"{TaskGroup.TasksHelp(Name)} " : "")}Values: command line, else options file, else default.")
        {
            run, plan, json, config,
        };
        values.AddTo(command);
        chip.AddTo(command);
        command.SetAction(parsed => MpiSession.Run(() =>
        {
            var (folder, asJson) = (parsed.GetRequiredValue(run), parsed.GetValue(json));
            var (options, check) = Collective.Current.Together(() => ((TrainingOptions)values.ReadWith(parsed, parsed.GetValue(config)), Refusal(chip.Read(parsed))));
            if (Collective.Current.Rank > 0)
            {
                return parsed.GetValue(plan) ? ExitCode.Done : MpiSession.Follow(cancel => TrainRun.Follow(options, cancel));
            }

            if (parsed.GetValue(plan))
            {
                return Plan(options, folder, asJson);
            }

            var outcome = Run(options, folder, Invocation.CommandLine, check);
            JsonOutput.Show(asJson, () => Describe(outcome, folder), () => Print(outcome));
            return ExitCode.Done;
        }));
        return command;
    }

    /// <summary>Runs a training to its end under a display.</summary>
    /// <param name="options">Settings of any task.</param>
    /// <param name="folder">The run folder.</param>
    /// <param name="command">The command line that resumes it.</param>
    /// <param name="check">Takes the network and the number of its classes and refuses it where it is too large; null: nobody does.</param>
    public static TrainOutcome Run(TrainingOptions options, string folder, string command, Action<NetworkDescription, int>? check = null) => RunSession.Run(Name, folder, command, (view, cancel) =>
    {
        using var setup = Collective.Current.Together(() => Prepare(TrainRun.ToResume(options, folder), check));
        return TrainRun.Execute(setup, folder, command, new TrainDisplay(view), text => view.Say($"warning: {text}", Tone.Alarming), cancel);
    });

    private static TrainSetup Prepare(TrainingOptions options, Action<NetworkDescription, int>? check)
    {
        var setup = TrainSetup.Prepare(options);
        try
        {
            if (check is not null && TaskTable.OfCheckpoint(setup.Task.Name, Name).Output != PredictionKind.Classes)
            {
                throw new InputException("--max-flash, --max-ram and --max-instructions are for networks that name classes. Leave them out, and see what the exported model takes with dcpnas inspect MODEL --core NAME.");
            }

            check?.Invoke(setup.Network, setup.Task.ClassNames.Count);
            return setup;
        }
        catch
        {
            setup.Dispose();
            throw;
        }
    }

    /// <summary>Prints a result for people.</summary>
    public static void Print(TrainOutcome outcome)
    {
        var names = outcome.Test.Metrics.Keys.ToList();
        var table = Terminal.NewTable(["images", "number", .. names]);
        table.AddPlainRow(["validation", $"{outcome.Validation.Images}", .. names.Select(name => Words.Text($"{outcome.Validation[name]:0.0000}"))]);
        table.AddPlainRow(["test", $"{outcome.Test.Images}", .. names.Select(name => Words.Text($"{outcome.Test[name]:0.0000}"))]);
        Terminal.Results.Write(table);
        GenotypeView.Print(outcome.Cost);
        Terminal.Print($"model     {outcome.ModelPath}");
        Terminal.Print($"report    {outcome.ReportPath}");
    }

    /// <summary>A result for programs.</summary>
    public static JsonObject Describe(TrainOutcome outcome, string folder) => new()
    {
        ["run"] = folder,
        ["results"] = outcome.Results.DeepClone(),
        ["model_path"] = outcome.ModelPath,
        ["report_path"] = outcome.ReportPath,
    };

    /// <summary>What takes a network and refuses it where it is above a limit; null where there is no limit.</summary>
    /// <exception cref="InputException">The processor is unknown, or there is nothing that it is named for.</exception>
    private static Action<NetworkDescription, int>? Refusal(ChipLimits limits)
    {
        if (limits.Target is not { } target)
        {
            return null;
        }

        ChipBudget.DemandCore(target.Core, ChipMeter.Instance);
        if (!limits.IsLimited)
        {
            throw new InputException("--core is the processor of --max-flash, --max-ram and --max-instructions. Give one of them, or leave it out.");
        }

        return (network, classes) =>
        {
            if (limits.Above(ChipMeter.Measure(network, classes, target), OptionText.NameOf) is { Count: > 0 } above)
            {
                throw new InputException($"The network does not fit the budget on {target}: it takes {string.Join(", ", above)}. Take fewer channels or cells, smaller images, the stem half{(target.Shortcuts == 8 ? "" : ", shortcuts of 8 bits")}, or raise the limit.");
            }
        };
    }

    private static int Plan(TrainingOptions options, string folder, bool json)
    {
        using var interruption = new Interruption(() => Console.Error.WriteLine("Stopping."));
        Console.Error.WriteLine("Trying a few steps of each stage ...");
        var plan = TrainProfiling.Run(options, folder, interruption.Token);
        JsonOutput.Show(json, plan.ToJson, () => PlanOutput.Print(plan));
        return plan.Problems().Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
