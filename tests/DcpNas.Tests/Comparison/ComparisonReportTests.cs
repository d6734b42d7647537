using System.Text.Json.Nodes;
using DcpNas.Comparison;
using DcpNas.Statistics;

namespace DcpNas.Tests.Comparison;

public sealed class ComparisonReportTests
{
    private static readonly ComparisonOptions Options = new() { Strategies = ["dcp", "random", "curvature_ggn"], Seeds = [0, 1, 2] };

    private static readonly IReadOnlyList<JobRecord> Records =
    [
        Finished("dcp", 0, 0.51), Finished("dcp", 1, 0.62), Finished("dcp", 2, 0.73),
        Finished("random", 0, 0.50), Finished("random", 1, 0.60), new() { Strategy = "random", Seed = 2, State = JobState.Failed, Error = "The loss is NaN." },
    ];

    private static ComparisonResult Result => ComparisonResult.Of(Options, "synthetic shapes", 1e6, Records);

    [Fact]
    public void Of_Records_ComparesTheSeedsThatBothHave()
    {
        var rows = Result.Rows;

        Assert.Equal(0.62, rows[0].Top1!.Mean, 1e-12);
        Assert.Equal(4.302653 * 0.11 / Math.Sqrt(3), rows[0].Top1!.HalfWidth!.Value, 1e-6);
        // Seeds 0 and 1 alone: differences 0.01 and 0.02, m = 0.015, s = 0.01 / sqrt(2), t = 3; one degree of freedom: p = 1 - 2/pi atan 3.
        var test = rows[0].AgainstRandom!;
        Assert.Equal(2, test.Test.Differences.Count);
        Assert.Equal(1 - (2 / Math.PI * Math.Atan(3)), test.Test.P!.Value, 1e-9);
        Assert.Equal(test.Test.P, test.AdjustedP); // the third row is the first: one test, nothing to correct
        Assert.Null(rows[1].AgainstRandom);
        Assert.Equal(2, rows[1].Top1!.Count);
        Assert.Equal((0.62 / 0.55) - 1, rows[0].RelativeImprovement!.Value, 1e-12);
        Assert.Equal(("dcp", rows[0].Top1!.Mean), (rows[2].Entry.Worker, rows[2].Top1!.Mean)); // the same search as dcp
        Assert.Equal((null, test.Test, null), (rows[0].PrimaryAgainst, rows[1].PrimaryAgainst!.Test, rows[2].PrimaryAgainst));
    }

    [Fact]
    public void Of_TwoRowsAgainstRandom_CorrectsThemTogether()
    {
        var result = ComparisonResult.Of(
            Options with { Strategies = ["dcp", "cp", "random"] }, "d", 1e6,
            [.. Records.Take(5), Finished("random", 2, 0.69), Finished("cp", 0, 0.51), Finished("cp", 1, 0.59), Finished("cp", 2, 0.70)]);
        var (dcp, cp) = (result.Rows[0].AgainstRandom!, result.Rows[1].AgainstRandom!);
        Assert.True(dcp.Test.P < cp.Test.P);
        Assert.Equal((2 * dcp.Test.P, Math.Max(2 * dcp.Test.P!.Value, cp.Test.P!.Value)), (dcp.AdjustedP, cp.AdjustedP!.Value));
    }

    [Fact]
    public void Of_SeveralTrainings_TakesTheirMeanAndPairsThoseThatBothHave()
    {
        var options = Options with { Strategies = ["dcp", "random", "Tangent_1"], SearchSeeds = [0, 1], TrainSeeds = [0, 1] };
        JobRecord[] records =
        [
            Trained("dcp", 0, (0, 0.5), (1, 0.7)), Trained("dcp", 1, (0, 0.6), (1, 0.8)),
            Trained("random", 0, (0, 0.4)), Trained("random", 1, (0, 0.45), (1, 0.65)),
            Trained("Tangent_1", 0, (0, 0.9)), Trained("Tangent_1", 1, (1, 0.8)),
        ];
        var rows = ComparisonRow.Of(options, records);
        Assert.Equal(0.65, rows[0].Top1!.Mean, 1e-12); // of 0.6 and 0.7
        Assert.Equal(0.125, rows[0].AgainstRandom!.Test.Differences.Mean, 1e-12); // seed 0: 0.5 - 0.4 (training seed 0 alone); seed 1: 0.7 - 0.55
        // A given genotype is paired by training seed: 0.9 - (0.4 + 0.45) / 2 and 0.8 - 0.65.
        Assert.Equal((0.475 + 0.15) / 2, rows[2].AgainstRandom!.Test.Differences.Mean, 1e-12);
        Assert.Equal(2, rows[2].Jobs.Count);
    }

    [Fact]
    public void Leaders_AreSortedAndHaveTheDigitsThatTheImagesBear()
    {
        var table = ComparisonTables.Leaders(Result);

        Assert.All(table, row => Assert.Equal(ComparisonTables.LeaderColumns(Result).Count, row.Count));
        Assert.Equal(["dcp, primary", "3 of 3", "62.0 ± 27.3 %", "+1.5 ± 6.4", "0.205", "", "+12.7 %", "7"], table[0]);
        Assert.Equal("curvature_ggn (= dcp)", table[1][0]);
        Assert.Equal(["random", "2 of 3", "55.0 ± 63.5 %", "", "", "", "", ""], table[2]);
        Assert.Equal(["dcp, primary", "90.0 %", "1.000 M (!)", "0.500", "1 min 40 s", "", "", "3 min 20 s", "72.4 %"], ComparisonTables.Costs(Result)[0]);
        Assert.Equal(["random", "2", "+1.5 ± 6.4", "0.205", "0.205", "", "7"], ComparisonTables.Primary(Result)[0].Take(7));
    }

    [Fact]
    public void Accuracy_OfTwentyImagesWithoutASpread_SaysHowLittleTheyBear()
    {
        Assert.Equal("10 % (3 to 30 % of 20 images)", ComparisonTables.Accuracy(SampleStatistics.Of([0.1, 0.1]), 20));
        Assert.Equal("10 ± 64 %", ComparisonTables.Accuracy(SampleStatistics.Of([0.05, 0.15]), 20));
        Assert.Equal("12.35 % (11.72 to 13.01 % of 10000 images)", ComparisonTables.Accuracy(SampleStatistics.Of([0.12346]), 10_000));
    }

    [Fact]
    public void Write_IntoAFolder_LeavesJsonPageAndMarkdown()
    {
        using var place = new Data.TempFolder();
        using var folder = DcpNas.Runs.RunFolder.Start(place.Path, Options.ToJson(), DcpNas.Runs.RunEnvironment.Collect("cpu"), "dcpnas compare", ComparisonOptions.MayChange);
        ComparisonReport.Write(folder, Result);

        var json = JsonNode.Parse(File.ReadAllText(folder.PathOf(ComparisonReport.JsonFile)))!;
        Assert.Equal(3, json["rows"]!.AsArray().Count);
        Assert.Equal(0.62, json["rows"]![0]!["top1"]!["mean"]!.GetValue<double>(), 1e-12);
        Assert.Equal([0.51, 0.62, 0.73], json["rows"]![0]!["jobs"]!.AsArray().Select(job => job!["result"]!["top1"]!.GetValue<double>()));
        Assert.Equal("The loss is NaN.", json["rows"]![1]!["jobs"]![2]!["error"]!.GetValue<string>());
        Assert.Equal("dcp", json["rows"]![2]!["same_search_as"]!.GetValue<string>());

        Assert.Equal("dcp", json["primary"]!.GetValue<string>());
        var csv = File.ReadAllLines(folder.PathOf(ComparisonReport.CsvFile));
        Assert.Equal("row,primary,search_seed,train_seed,state,top1,top5,loss,test_images,channels,cells,ops,ops_deviation,mbit,flash_bytes,arena_bytes,instructions,search_seconds,search_cpu_seconds,candidates,train_seconds,percentile,genotype", csv[0]);
        Assert.StartsWith("dcp,1,0,0,finished,0.51,0.9,1.2,1000,8,5,1000000,0.001,0.5,,,,100,,,200,,\"normal: n2[", csv[1], StringComparison.Ordinal);
        Assert.Equal("random,0,2,,failed,,,,,,,,,,,,,,,,,,", csv[6]);

        var markdown = File.ReadAllText(folder.PathOf(ComparisonReport.MarkdownFile));
        Assert.Contains("| row | seeds | top-1, mean and 95 % interval |", markdown, StringComparison.Ordinal);
        Assert.Contains("| random | 50.0 % | 60.0 % | failed |", markdown, StringComparison.Ordinal);
        Assert.Contains("\n(!) = a network further off the target than 2 %: the next width is no nearer.\n", markdown, StringComparison.Ordinal);

        var page = File.ReadAllText(folder.PathOf(ComparisonReport.HtmlFile));
        Assert.Contains("random, seed 2 failed: The loss is NaN.", page, StringComparison.Ordinal);
        Assert.Contains("ImageNet", page, StringComparison.Ordinal);
        Assert.Contains("primary row: dcp", page, StringComparison.Ordinal);
        Assert.Contains("Normal cell: n2[", page, StringComparison.Ordinal);
        Assert.Contains("<svg class=\"chart\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN%", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Notes_OfNetworksOffTheTarget_SayWhatTheMarkMeansAndWhyNoWidthHelps()
    {
        const string Meaning = "(!) = a network further off the target than 2 %: the next width is no nearer.";
        Assert.Equal([Meaning], Notes(Records));
        Assert.Empty(Notes([.. Records.Where(job => job.Seed < 2)]));
        Assert.Equal(
            [
                Meaning,
                "dcp, seed 0: the narrowest network has 150 % more OPs than the target. Raise target_ops, or lower train.cells.",
                "dcp, seed 1: the widest network has 40 % fewer OPs than the target. Lower target_ops, or raise train.cells.",
            ],
            Notes([Sized(Records[0], NetworkSize.Least, 1.5), Sized(Records[1], NetworkSize.Most, -0.4), .. Records.Skip(2)]));

        static IReadOnlyList<string> Notes(IReadOnlyList<JobRecord> records) => ComparisonTables.Notes(ComparisonResult.Of(Options, "d", 1e6, records));

        static JobRecord Sized(JobRecord job, int channels, double deviation) => job with { Result = job.Result! with { Channels = channels, OpsDeviation = deviation } };
    }

    [Fact]
    public void Options_WithFaults_NameAllOfThem()
    {
        var problems = (Options with { Strategies = ["dcp", "dpc"], Seeds = [1, 1], TargetOps = 0, OpsTolerance = 1, Search = new() { Epochs = 0 } }).Problems();
        Assert.Equal(
            [
                $"strategies must be among {string.Join(", ", ComparisonStrategies.Names)}, DDPNAS_MCN_2, Tangent_1, Tangent_2, got 'dpc'. Did you mean 'dcp'? A row of your own needs a definition: --row NAME=BASE, or the section rows.",
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
                "known keys: strategies, rows, primary, seeds, search_seeds, train_seeds, target_ops, equal_ops, ops_tolerance, population, rank, search, train.",
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

    private static JobRecord Finished(string strategy, int seed, double top1) => new JobRecord
    {
        Strategy = strategy,
        Seed = seed,
        State = JobState.Finished,
        Genotype = DcpNas.SearchSpace.Discretizer.Random(seed).ToString(),
    }.With(new TrainingRecord(seed, new JobResult(8, 5, 1e6, seed == 2 ? 0.03 : 0.001, 0.5, 1000, top1, 0.9, 1.2, 100, 200)));

    private static JobRecord Trained(string strategy, int seed, params IEnumerable<(int Seed, double Top1)> trainings) => trainings.Aggregate(
        new JobRecord { Strategy = strategy, Seed = seed, State = JobState.Finished, Genotype = DcpNas.SearchSpace.Discretizer.Random(seed).ToString() },
        (record, training) => record.With(new TrainingRecord(training.Seed, Finished(strategy, seed, training.Top1).Result!)));
}
