using System.Text.Json.Nodes;
using DcpNas.Comparison;

namespace DcpNas.Tests.Comparison;

public sealed class ComparisonReportTests
{
    private static readonly ComparisonOptions Options = new() { Strategies = ["dcp", "random", "curvature_ggn"], Seeds = [0, 1, 2] };

    private static readonly IReadOnlyList<JobRecord> Records =
    [
        Finished("dcp", 0, 0.51), Finished("dcp", 1, 0.62), Finished("dcp", 2, 0.73),
        Finished("random", 0, 0.50), Finished("random", 1, 0.60), new() { Strategy = "random", Seed = 2, State = JobState.Failed, Error = "The loss is NaN." },
    ];

    [Fact]
    public void Of_Records_ComparesTheSeedsThatBothHave()
    {
        var rows = ComparisonRow.Of(Options, Records);

        Assert.Equal(0.62, rows[0].Top1!.Mean, 1e-12);
        Assert.Equal(4.302653 * 0.11 / Math.Sqrt(3), rows[0].Top1!.HalfWidth!.Value, 1e-6);
        // Seeds 0 and 1 alone: differences 0.01 and 0.02, m = 0.015, s = 0.01 / sqrt(2), t = 3; one degree of freedom: p = 1 - 2/pi atan 3.
        Assert.Equal(2, rows[0].AgainstRandom!.Differences.Count);
        Assert.Equal(1 - (2 / Math.PI * Math.Atan(3)), rows[0].AgainstRandom!.P!.Value, 1e-9);
        Assert.Null(rows[1].AgainstRandom);
        Assert.Equal(2, rows[1].Top1!.Count);
        Assert.Equal(("dcp", rows[0].Top1!.Mean), (rows[2].Worker, rows[2].Top1!.Mean)); // the same search as dcp
    }

    [Fact]
    public void Table_ListsWhatAReaderNeeds()
    {
        var table = ComparisonReport.Table(Options, ComparisonRow.Of(Options, Records));

        Assert.All(table, row => Assert.Equal(ComparisonReport.Columns.Count, row.Count));
        Assert.Equal(
            ["dcp", "3 of 3", "62.00 ± 27.33 %", "+1.50 ± 6.35", "0.205", "90.00 %", "1.000 M (!)", "0.500", "1 min 40 s", "3 min 20 s", "72.4 % (Table 4.2, DCP-NAS-L)"], table[0]);
        Assert.Equal(["random", "2 of 3", "55.00 ± 63.53 %", "", ""], table[1].Take(5));
        Assert.Equal("curvature_ggn (= dcp)", table[2][0]);
    }

    [Fact]
    public void Write_IntoAFolder_LeavesJsonPageAndMarkdown()
    {
        using var place = new Data.TempFolder();
        using var folder = DcpNas.Runs.RunFolder.Start(place.Path, Options.ToJson(), DcpNas.Runs.RunEnvironment.Collect("cpu"), "dcpnas compare", ComparisonOptions.MayChange);
        ComparisonReport.Write(folder, Options, "synthetic shapes", 1e6, Records);

        var json = JsonNode.Parse(File.ReadAllText(folder.PathOf(ComparisonReport.JsonFile)))!;
        Assert.Equal(3, json["rows"]!.AsArray().Count);
        Assert.Equal(0.62, json["rows"]![0]!["top1"]!["mean"]!.GetValue<double>(), 1e-12);
        Assert.Equal([0.51, 0.62, 0.73], json["rows"]![0]!["jobs"]!.AsArray().Select(job => job!["result"]!["top1"]!.GetValue<double>()));
        Assert.Equal("The loss is NaN.", json["rows"]![1]!["jobs"]![2]!["error"]!.GetValue<string>());
        Assert.Equal("dcp", json["rows"]![2]!["same_search_as"]!.GetValue<string>());

        var markdown = File.ReadAllText(folder.PathOf(ComparisonReport.MarkdownFile));
        Assert.Contains("| strategy | seeds | top-1, mean and 95 % interval |", markdown, StringComparison.Ordinal);
        Assert.Contains("| random | 50.00 % | 60.00 % | failed |", markdown, StringComparison.Ordinal);
        Assert.Contains("\n(!) = a network further off the target than 2 %: the next width is no nearer.\n", markdown, StringComparison.Ordinal);

        var page = File.ReadAllText(folder.PathOf(ComparisonReport.HtmlFile));
        Assert.Contains("random, seed 2 failed: The loss is NaN.", page, StringComparison.Ordinal);
        Assert.Contains("ImageNet", page, StringComparison.Ordinal);
        Assert.Contains("<svg class=\"chart\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN%", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Notes_OfNetworksOffTheTarget_SayWhatTheMarkMeansAndWhyNoWidthHelps()
    {
        const string Meaning = "(!) = a network further off the target than 2 %: the next width is no nearer.";
        Assert.Equal([Meaning], ComparisonReport.Notes(Options, ComparisonRow.Of(Options, Records)));
        Assert.Empty(ComparisonReport.Notes(Options, ComparisonRow.Of(Options, [.. Records.Where(job => job.Seed < 2)])));
        Assert.Equal(
            [
                Meaning,
                "dcp, seed 0: the narrowest network has 150 % more OPs than the target. Raise target_ops, or lower train.cells.",
                "dcp, seed 1: the widest network has 40 % fewer OPs than the target. Lower target_ops, or raise train.cells.",
            ],
            ComparisonReport.Notes(Options, ComparisonRow.Of(Options, [Sized(Records[0], NetworkSize.Least, 1.5), Sized(Records[1], NetworkSize.Most, -0.4), .. Records.Skip(2)])));

        static JobRecord Sized(JobRecord job, int channels, double deviation) => job with { Result = job.Result! with { Channels = channels, OpsDeviation = deviation } };
    }

    [Fact]
    public void Options_WithFaults_NameAllOfThem()
    {
        var problems = (Options with { Strategies = ["dcp", "dpc"], Seeds = [1, 1], TargetOps = 0, OpsTolerance = 1, Search = new() { Epochs = 0 } }).Problems();
        Assert.Equal(
            [
                $"strategies must be among {string.Join(", ", ComparisonStrategies.Names)}, got 'dpc'. Did you mean 'dcp'?",
                "seeds must hold at least one, each once, got [1, 1].",
                "target_ops must be above 0, got 0.",
                "ops_tolerance must be above 0 and below 1, got 1.",
                "search.epochs must be at least 1, got 0.",
            ],
            problems);
    }

    [Fact]
    public void FromJson_WithComments_ReadsItsSectionsAndRefusesWhatItDoesNotKnow()
    {
        var options = ComparisonOptions.FromJson("""{ "seeds": [7], /* two rows */ "strategies": ["cp", "random"], "target_ops": 2e6, "search": { "cells": 3 } }""", "x.json");
        Assert.Equal((7, "cp", 2e6, 3), (options.Seeds[0], options.Strategies[0], options.TargetOps, options.Search.Cells));
        Assert.Equal(options.ToJson().ToJsonString(), ComparisonOptions.FromJson(options.ToJson().ToJsonString(), "again").ToJson().ToJsonString());

        var error = Assert.Throws<OptionsException>(() => ComparisonOptions.FromJson("""{ "seed": 7, "seeds": "x", "search": { "cels": 3 }, "train": 1 }""", "x.json"));
        Assert.Equal(
            [
                "unknown key 'seed'. Did you mean 'seeds'?",
                "seeds must be a list of whole numbers, got \"x\".",
                "search: unknown key 'cels'. Did you mean 'cells'?",
                $"search: known keys: {string.Join(", ", DcpNas.Search.SearchOptions.Keys)}.",
                "train must be an object of options, got 1.",
                "known keys: strategies, seeds, target_ops, ops_tolerance, search, train.",
            ],
            error.Problems);
    }

    [Fact]
    public void Recipes_OfTheRepository_HaveNoProblems()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "DcpNas.slnx")))
        {
            folder = folder.Parent;
        }

        var recipes = Directory.GetFiles(Path.Combine(folder.FullName, "configs"), "compare-*.json");
        Assert.Equal(2, recipes.Length);
        Assert.All(recipes, recipe => Assert.Empty(ComparisonOptions.Load(recipe).Problems()));
    }

    private static JobRecord Finished(string strategy, int seed, double top1) => new()
    {
        Strategy = strategy,
        Seed = seed,
        State = JobState.Finished,
        Genotype = DcpNas.SearchSpace.Discretizer.Random(seed).ToString(),
        Result = new JobResult(8, 5, 1e6, seed == 2 ? 0.03 : 0.001, 0.5, 1000, top1, 0.9, 1.2, 100, 200),
    };
}
