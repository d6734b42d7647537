using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DcpNas.Cli.Display;
using DcpNas.Data;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas data check</c>: reads everything in a folder and says what is wrong.</summary>
internal static class DataCheckCommand
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "Folder of one or more data sets", HelpName = "DIR" };
        var fix = new Option<string?>("--fix") { Description = "Write a copy to this new folder without what cannot be used, list what is left out, and check the copy; the data stay as they are", HelpName = "DIR2" };
        var json = JsonOutput.Option();
        var command = new Command("check", "Read every file, label and image of a folder. Exit code 2: something cannot be used.") { folder, fix, json };
        command.SetAction(parsed =>
        {
            var repair = parsed.GetValue(fix) is { } target ? DataRepair.Run(parsed.GetRequiredValue(folder), target) : null;
            var report = DataCheck.Run(repair?.Target ?? parsed.GetRequiredValue(folder));
            JsonOutput.Show(parsed.GetValue(json), () => Describe(report, repair), () =>
            {
                if (repair is not null)
                {
                    Print(repair);
                }

                Print(report);
            });
            return report.HasErrors ? ExitCode.Unusable : ExitCode.Done;
        });
        return command;
    }

    private static JsonNode Describe(DataCheckReport report, DataRepairReport? repair)
    {
        var json = JsonSerializer.SerializeToNode(report, Format)!;
        if (repair is not null)
        {
            json["fix"] = JsonSerializer.SerializeToNode(repair, Format);
        }

        return json;
    }

    private static void Print(DataRepairReport repair)
    {
        foreach (var finding in repair.LeftOut)
        {
            Terminal.Print($"left out: {finding.Path}: {finding.Message}");
        }

        Terminal.Print($"{Words.Count(repair.Copied, "file")} of {repair.Folder} copied to {repair.Target}, {repair.LeftOut.Count} left out. The copy:");
    }

    private static void Print(DataCheckReport report)
    {
        foreach (var dataset in report.Datasets)
        {
            var official = dataset.Official switch { true => ", official files", false => ", NOT the official files", null => "" };
            Terminal.Print($"{dataset.Name}  {dataset.Folder}{official}");
            foreach (var split in dataset.Splits)
            {
                var perClass = split.Count == 0 || split.PerClass.Count == 0 ? "" : $", {split.PerClass.Min()} to {split.PerClass.Max()} per class";
                Terminal.Print($"  {split.Name,-5}  {Words.Count(split.Count, "image")}, {Words.Count(split.PerClass.Count, "class", "classes")}{perClass}");
            }

            if (dataset.ImageSizes.Count > 0)
            {
                Terminal.Print($"  sizes  {string.Join(", ", dataset.ImageSizes.Take(5).Select(size => $"{size.Key} ({size.Value})"))}{(dataset.ImageSizes.Count > 5 ? ", ..." : "")}");
            }

            Terminal.Print($"  copies  {dataset.DuplicatesWithinTrain} within train, {dataset.DuplicatesAcrossSplits} in both train and test");
            Print(dataset.Findings);
        }

        Print(report.Findings);
        Terminal.Print(report.HasErrors ? "Something cannot be used." : "All of it can be used.");
    }

    private static void Print(IEnumerable<DataFinding> findings)
    {
        foreach (var finding in findings)
        {
            Terminal.Print($"  {finding.Severity.ToString().ToLowerInvariant()}: {finding.Path}: {finding.Message}");
        }
    }
}
