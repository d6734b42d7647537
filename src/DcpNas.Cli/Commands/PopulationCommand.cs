using System.CommandLine;
using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Cli.Jobs;
using DcpNas.Cli.Models;
using DcpNas.Cli.Options;
using DcpNas.Populations;
using DcpNas.Tasks.Classification;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas population</c>: trains random genotypes alike, as the baseline for searches.</summary>
internal static class PopulationCommand
{
    private static readonly PopulationOptions Defaults = new();

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Option<string>("--run") { Description = "Folder of the population; the same options in the same folder go on, genotypes and training seeds may be added", HelpName = "DIR", Required = true };
        var output = new Option<string?>("--out") { Description = $"A second place for the table (default: {PopulationRun.TableFile} in the folder alone)", HelpName = "FILE" };
        var genotypes = new Option<string?>("--genotypes") { Description = OptionText.Of(Defaults, nameof(PopulationOptions.Genotypes)), HelpName = "N" };
        var seeds = new Option<string?>("--training-seeds") { Description = $"{OptionText.Of(Defaults, nameof(PopulationOptions.TrainingSeeds))}; separated by commas", HelpName = "N,N" };
        var repeat = new Option<string?>("--repeat") { Description = OptionText.Of(Defaults, nameof(PopulationOptions.Repeat)), HelpName = "N" };
        var drop = new Option<bool>("--drop-checkpoints") { Description = OptionText.Of(Defaults, nameof(PopulationOptions.DropCheckpoints)) };
        var from = new Option<string?>("--from") { Description = OptionText.Of(Defaults, nameof(PopulationOptions.From)), HelpName = "TABLE" };
        var core = new Option<string?>("--core") { Description = OptionText.Of(Defaults, nameof(PopulationOptions.Core)), HelpName = "NAME" };
        var shortcuts = new Option<string?>("--shortcuts") { Description = OptionText.Of(Defaults, nameof(PopulationOptions.Shortcuts)), HelpName = "N" };
        var workers = WorkerOptions.Create();
        var cluster = SlurmSession.Create();
        var json = JsonOutput.Option();
        var values = new OptionSet<TrainOptions>(TrainOptions.Load, TrainOptions.FromJson, "task");
        var command = new Command(
            "population", "Train random genotypes alike: the distribution of accuracies that chance gives, as a table for rank and compare. The training options are those of train. Exit code 1: a training failed.")
        {
            run, output, genotypes, seeds, repeat, drop, from, core, shortcuts, workers.Jobs, workers.Gpus, cluster.Slurm, cluster.Sbatch, json,
        };
        values.AddTo(command);
        command.SetAction(parsed =>
        {
            var problems = new List<string>();
            var options = new PopulationOptions
            {
                Genotypes = OptionValue.Number<int>(genotypes, parsed.GetValue(genotypes), problems) ?? Defaults.Genotypes,
                TrainingSeeds = parsed.GetValue(seeds) is { } text
                    ? [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => OptionValue.Number<int>(seeds, part, problems) ?? 0)]
                    : Defaults.TrainingSeeds,
                Repeat = OptionValue.Number<int>(repeat, parsed.GetValue(repeat), problems) ?? Defaults.Repeat,
                DropCheckpoints = parsed.GetValue(drop),
                From = parsed.GetValue(from),
                Core = parsed.GetValue(core),
                Shortcuts = OptionValue.Number<int>(shortcuts, parsed.GetValue(shortcuts), problems),
                Train = values.Read(parsed),
            };
            if (problems.Count > 0)
            {
                throw new OptionsException("command line", problems);
            }

            var (folder, processes) = (parsed.GetRequiredValue(run), WorkerOptions.Read(parsed, workers));
            return parsed.GetValue(cluster.Slurm)
                ? SlurmSession.Write(
                    "population", folder, () => PopulationRun.Prepare(options, folder, Invocation.CommandLine, ChipMeter.Instance), processes, parsed.GetValue(workers.Jobs) is not null, parsed.GetValue(cluster.Sbatch) ?? [])
                : Run(options, folder, parsed.GetValue(output), processes, parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(PopulationOptions options, string folder, string? output, WorkerOptions workers, bool json)
    {
        var command = Invocation.CommandLine;
        var outcome = RunSession.Run("population", folder, command, (view, cancel) => PopulationRun.Execute(options, folder, output, command, new PopulationDisplay(view), cancel, workers.ProcessesFor(folder), ChipMeter.Instance));
        JsonOutput.Show(json, () => Describe(outcome), () => Print(outcome));
        foreach (var failure in outcome.Failures)
        {
            Console.Error.WriteLine($"{failure.Name} failed: {failure.Error}");
        }

        if (outcome.Failures.Count > 0)
        {
            Console.Error.WriteLine($"Run the command again to try {(outcome.Failures.Count == 1 ? "it" : "them")} again:\n  {command}");
        }

        return outcome.Failures.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Print(PopulationOutcome outcome)
    {
        var table = outcome.Table;
        if (table.Sample.Count > 0)
        {
            var accuracy = table.Accuracy;
            Terminal.Print($"{Count(table.Sample.Count, "genotype")}, {Count(table.Networks.Count, "training")}");
            Terminal.Print(Text($"test top-1  {accuracy.Mean * 100:0.00} %{(accuracy.StandardDeviation is { } deviation ? Text($" ± {deviation * 100:0.00} (standard deviation)") : "")}, worst {table.Quantile(0) * 100:0.00}, median {table.Quantile(0.5) * 100:0.00}, best {table.Quantile(1) * 100:0.00} %"));
            Terminal.Print($"noise       {PopulationReport.Describe(table.Noise)}");
        }

        Terminal.Print($"table       {outcome.TablePath}");
        Terminal.Print($"page        {outcome.PagePath}");
    }

    private static JsonObject Describe(PopulationOutcome outcome)
    {
        var table = outcome.Table;
        var noise = table.Noise;
        return new JsonObject
        {
            ["genotypes"] = table.Sample.Count,
            ["trainings"] = table.Networks.Count,
            ["failed"] = new JsonArray([.. outcome.Failures.Select(failure => new JsonObject { ["name"] = failure.Name, ["error"] = failure.Error })]),
            ["test_top1"] = table.Sample.Count == 0 ? null : new JsonObject
            {
                ["mean"] = table.Accuracy.Mean,
                ["standard_deviation"] = table.Accuracy.StandardDeviation,
                ["minimum"] = table.Quantile(0),
                ["median"] = table.Quantile(0.5),
                ["maximum"] = table.Quantile(1),
            },
            ["noise"] = noise is null ? null : new JsonObject
            {
                ["genotypes"] = noise.Genotypes,
                ["trainings"] = noise.Trainings,
                ["within"] = noise.Within,
                ["total"] = noise.Total,
                ["between"] = noise.Between,
                ["reliability"] = noise.Reliability,
            },
            ["table_path"] = outcome.TablePath,
            ["page_path"] = outcome.PagePath,
        };
    }
}
