using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;
using DcpNas.Populations;
using DcpNas.Runs;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas rank</c>: how well a search orders trained random networks, and where its own stands among them.</summary>
internal static class RankCommand
{
    private static readonly RankCorrelationOptions Defaults = new("", "");

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = OptionText.Of(Defaults, nameof(RankCorrelationOptions.Run)), HelpName = "DIR" };
        var population = new Option<string>("--population") { Description = OptionText.Of(Defaults, nameof(RankCorrelationOptions.Population)), HelpName = "FILE", Required = true };
        var limit = new Option<string?>("--limit") { Description = OptionText.Of(Defaults, nameof(RankCorrelationOptions.Limit)), HelpName = "N" };
        var images = new Option<string?>("--images") { Description = OptionText.Of(Defaults, nameof(RankCorrelationOptions.Images)), HelpName = "N" };
        var data = new Option<string?>("--data") { Description = OptionText.Of(Defaults, nameof(RankCorrelationOptions.Data)), HelpName = "DIR" };
        var accuracy = new Option<string?>("--accuracy") { Description = OptionText.Of(Defaults, nameof(RankCorrelationOptions.Accuracy)), HelpName = "X" };
        var trained = new Option<string?>("--trained") { Description = OptionText.Of(Defaults, nameof(RankCorrelationOptions.Trained)), HelpName = "DIR" };
        var json = JsonOutput.Option();
        var command = new Command(
            "rank", "Compare what a search says of random networks with their trained accuracy: Kendall's tau of alpha and of shared weights, and the percentile of the found one; writes rank.json and the report.")
        {
            run, population, limit, images, data, accuracy, trained, json,
        };
        command.SetAction(parsed =>
        {
            var problems = new List<string>();
            var options = new RankCorrelationOptions(parsed.GetRequiredValue(run), parsed.GetRequiredValue(population))
            {
                Limit = OptionValue.Number<int>(limit, parsed.GetValue(limit), problems),
                Images = OptionValue.Number<int>(images, parsed.GetValue(images), problems),
                Accuracy = OptionValue.Number<double>(accuracy, parsed.GetValue(accuracy), problems),
                Data = parsed.GetValue(data),
                Trained = parsed.GetValue(trained),
            };
            if (problems.Count > 0)
            {
                throw new OptionsException("command line", problems);
            }

            var outcome = EvaluationSession.Run(
                "rank", (progress, warn, cancel) => RankCorrelationRun.Execute(options, progress, warn, cancel), unit: "networks");
            JsonOutput.Show(parsed.GetValue(json), outcome.ToJson, () => Print(outcome, options.Run));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(RankCorrelationOutcome outcome, string folder)
    {
        Terminal.Print($"{Count(outcome.Rows.Count, "random network")} of {outcome.Population}, scored on {Count(outcome.Images, "image")} after {outcome.Epoch} of {Count(outcome.Epochs, "epoch")}");
        var table = Terminal.NewTable("score", "Kendall's tau-b", "p");
        foreach (var measure in outcome.Measures)
        {
            table.AddPlainRow(measure.Name, measure.Correlation.Tau is { } tau ? Text($"{tau:+0.000;-0.000;0.000}") : "none", measure.Correlation.P is { } p ? Text($"{p:0.000}") : "none");
        }

        table.AlignRight();
        Terminal.Results.Write(table);
        Terminal.Print(outcome.Found switch
        {
            null => "found   nothing yet: the search has no genotype",
            { Percentile: { } percentile } found => Text($"found   top-1 {found.Accuracy * 100:0.00} % ({found.Source}): percentile {percentile:0.0} of the random networks"),
            _ => "found   accuracy not known: train it like the population and name the run with --trained, or give --accuracy",
        });
        Terminal.Print($"scores  {Path.Combine(folder, RunFiles.Rank)}");
        Terminal.Print($"report  {Path.Combine(folder, RunFiles.Report)}");
    }
}
