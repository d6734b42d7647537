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
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "Run folder of the search", HelpName = "DIR" };
        var population = new Option<string>("--population") { Description = "Table of dcpnas population, of the same images", HelpName = "FILE", Required = true };
        var limit = new Option<string?>("--limit") { Description = $"Networks to score, from the first; {RankCorrelationOptions.FewestNetworks} or more (default all)", HelpName = "N" };
        var images = new Option<string?>("--images") { Description = "Images that score each network; a batch of the search or more (default: the search's evaluation_images)", HelpName = "N" };
        var data = new Option<string?>("--data") { Description = "Folder of the data set (default: that of the search)", HelpName = "DIR" };
        var accuracy = new Option<string?>("--accuracy") { Description = "Test accuracy of the found network, trained like the population; 0 to 1", HelpName = "X" };
        var trained = new Option<string?>("--trained") { Description = "Run folder of the training of the found network (default: the folder train in that of the search, where there is one)", HelpName = "DIR" };
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
