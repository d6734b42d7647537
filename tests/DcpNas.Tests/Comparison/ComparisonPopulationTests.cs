using System.Text.Json.Nodes;
using DcpNas.Comparison;
using DcpNas.Data;
using DcpNas.Populations;
using DcpNas.Runs;
using DcpNas.SearchSpace;
using DcpNas.Statistics;
using DcpNas.Tasks.Classification;
using DcpNas.Tests.Data;
using DcpNas.Tests.Populations;

namespace DcpNas.Tests.Comparison;

/// <summary>A comparison among the random networks of a population.</summary>
public sealed class ComparisonPopulationTests
{
    private static readonly ComparisonOptions Options = new() { Strategies = ["dcp", "cp", "curvature_ggn"], Seeds = [0, 1, 2], Population = "table.jsonl" };

    private static readonly JobRecord[] Records =
    [
        Job("dcp", 0, 0.51), Job("dcp", 1, 0.62), Job("dcp", 2, 0.73), Job("cp", 0, 0.5), Job("cp", 1, 0.55), Job("cp", 2, 0.57),
    ];

    private static PopulationTable Population => PopulationFixture.Table(0.5, 0.6, 0.7, 0.62);

    [Fact]
    public void Of_RowsWithAPopulation_GivesTheirPlaceAmongIt()
    {
        var rows = Result().Rows;

        // Below 0.51: one of four; below 0.62: two, and one equal; below 0.73: all.
        Assert.Equal([25, 62.5, 100], rows[0].Place!.Percentiles.OrderBy(pair => pair.Key).Select(pair => pair.Value));
        Assert.Equal(62.5, rows[0].Place!.Percentile, 1e-12);
        Assert.Equal(WelchTest.Of(rows[0].Top1!, Population.Accuracy), rows[0].Place!.Test);
        Assert.Equal((0.62 / 0.605) - 1, rows[0].RelativeImprovement!.Value, 1e-12); // there is no row random

        // Two tests, corrected together; the third row is the first.
        var (dcp, cp) = (rows[0].Place!.Test!.P!.Value, rows[1].Place!.Test!.P!.Value);
        Assert.True(cp < dcp);
        Assert.Equal(2 * cp, rows[1].Place!.AdjustedP!.Value, 1e-12);
        Assert.Equal(Math.Max(2 * cp, dcp), rows[0].Place!.AdjustedP!.Value, 1e-12);
        Assert.Equal(rows[0].Place, rows[2].Place);
    }

    [Fact]
    public void Of_SeveralTrainings_TakesTheMeanOfTheirPercentiles()
    {
        var record = Job("dcp", 0, 0.51).With(new TrainingRecord(1, Job("dcp", 0, 0.73).Result!));

        // 25 and 100; the mean accuracy 0.62 alone would give another number on other tables.
        Assert.Equal(62.5, Result(records: [record]).Rows[0].Place!.Percentiles[0], 1e-12);
    }

    [Fact]
    public void Of_TheRowRandom_GetsAPercentileAndNoTestAndIsTheBaseline()
    {
        var rows = Result(Options with { Strategies = ["dcp", "random"] }, [.. Records.Take(3), Job("random", 0, 0.4)]).Rows;

        Assert.Equal((0, null, null), (rows[1].Place!.Percentile, rows[1].Place!.Test, rows[1].Place!.EffectSize));
        Assert.Equal(rows[0].Place!.Test!.P, rows[0].Place!.AdjustedP); // one claim, nothing to correct
        Assert.Equal((0.62 / 0.4) - 1, rows[0].RelativeImprovement!.Value, 1e-12);
    }

    [Fact]
    public void Of_ARowThatIsTrainedOtherwise_HasNoPlaceAndSaysSo()
    {
        var own = Options with { Rows = new Dictionary<string, RowDefinition> { ["long"] = new("dcp") { Train = new JsonObject { ["epochs"] = 300 } } } };
        var result = Result(own, [.. Records, Job("long", 0, 0.9)]);

        Assert.Equal((null, null), (result.Rows[3].Place, result.Rows[3].RelativeImprovement));
        Assert.Contains("No percentile for long: trained otherwise than the population.", ComparisonTables.Notes(result));
        Assert.DoesNotContain("long", PopulationPlaceTable.Rows(result).Select(row => row[0]));
    }

    [Fact]
    public void Tables_WithAPopulation_ShowPercentilesWithTheirTests()
    {
        var result = Result();
        Assert.Equal("percentile#", ComparisonTables.LeaderColumns(result)[3]);
        Assert.Equal("62.5", ComparisonTables.Leaders(result)[0][3]);
        var row = PopulationPlaceTable.Rows(result)[0];
        Assert.Equal(["dcp, primary", "62.5", "25, 62.5, 100"], row.Take(3));
        Assert.Equal("+1.5 ± 21.9", row[3]); // t(0.975, 3.61) = 2.90 times sqrt(0.0121 / 3 + 0.0067667 / 4)
        Assert.Equal(
            [
                "Population: 4 random networks, mean 60.5 %, standard deviation 8.2 points, best 70.0 %.",
                "The networks of the population all have 12 channels (4.000 M OPs on average), those here 1.000 M OPs at a width of their own: percentiles compare networks of unequal size. With equal_ops = false all have the width of train.",
            ],
            ComparisonTables.Notes(result));
        Assert.DoesNotContain(ComparisonTables.Notes(Result(Options with { EqualOps = false })), note => note.Contains("unequal", StringComparison.Ordinal));
    }

    [Fact]
    public void Notes_WithRandomK_GiveWhatThePopulationExpectsOfIt()
    {
        // The second epoch of the fixture has the test accuracy: of 2 from 0.5, 0.6, 0.62, 0.7 (0.6 + 2 x 0.62 + 3 x 0.7) / 6 = 65.7 %.
        var options = Options with
        {
            Train = new TrainOptions { Epochs = 8, TwoStep = false },
            Rows = new Dictionary<string, RowDefinition> { ["two"] = new("random_k") { Candidates = 2 }, ["many"] = new("random_k") { Candidates = 5 } },
        };
        var result = Result(options);
        var expected = Assert.Single(RandomKExpectation.Of(result)); // five cannot be drawn from four
        Assert.Equal(("two", 2, 2), (expected.Row, expected.Selection.Candidates, expected.Selection.Epochs));
        Assert.Equal(3.94 / 6, expected.Selection.Mean, 1e-12);
        Assert.Contains(
            "two, expected by the population: the best of 2 by validation loss after 2 of 2 epochs reaches 65.7 %, standard deviation 4.4 points (exact, over all draws of 2 from 4 networks).",
            ComparisonTables.Notes(result));

        // Two steps of training: a quarter of each.
        Assert.Equal(4, RandomKExpectation.EpochsOf(new TrainOptions { Epochs = 8 }, 2));
        Assert.Equal(3, RandomKExpectation.EpochsOf(new TrainOptions { Epochs = 8, Step1Epochs = 4 }, 2));
    }

    [Fact]
    public void Expectation_WithoutARowRandomK_DrawsWhatTheTimeOfThePrimarySearchPaysFor()
    {
        // 4.75 s an epoch, two epochs a candidate; 28.5 s pay for three.
        var table = new PopulationTable(PopulationFixture.Header(), [.. Population.Networks.Select(network => network with { CpuSeconds = 9.5 })], "t");
        var options = Options with { Train = new TrainOptions { Epochs = 8, TwoStep = false } };
        IReadOnlyList<JobRecord> records = [Job("dcp", 0, 0.5) with { SearchCpuSeconds = 28.5 }];

        var expected = Assert.Single(RandomKExpectation.Of(ComparisonResult.Of(options, "d", 1e6, records, table)));

        Assert.Equal(("random_k", 3, 2), (expected.Row, expected.Selection.Candidates, expected.Selection.Epochs));
        Assert.Empty(RandomKExpectation.Of(ComparisonResult.Of(options, "d", 1e6, records, Population))); // it does not tell all times
    }

    [Fact]
    public void Write_IntoAFolder_LeavesPercentilesInEveryFile()
    {
        using var place = new TempFolder();
        using var folder = RunFolder.Start(place.Path, Options.ToJson(), RunEnvironment.Collect("cpu"), "dcpnas compare", ComparisonOptions.MayChange);
        var kept = ComparisonPopulation.Keep(folder, Population);
        ComparisonReport.Write(folder, ComparisonResult.Of(Options, "d", 1e6, Records, kept));

        var json = JsonNode.Parse(File.ReadAllText(folder.PathOf(ComparisonReport.JsonFile)))!;
        Assert.Equal(("table.jsonl", 4, 0.605), ((string)json["population"]!["table"]!, (int)json["population"]!["top1"]!["count"]!, Math.Round((double)json["population"]!["top1"]!["mean"]!, 12)));
        Assert.Equal(62.5, (double)json["rows"]![0]!["population"]!["percentile"]!, 1e-12);
        Assert.Equal(0.015, (double)json["rows"]![0]!["population"]!["difference"]!, 1e-12);
        Assert.Equal([25, 62.5, 100], json["rows"]![0]!["jobs"]!.AsArray().Select(job => (double)job!["percentile"]!));
        string[][] csv = [.. File.ReadAllLines(folder.PathOf(ComparisonReport.CsvFile)).Select(line => line.Split(','))];
        Assert.Equal(["25", "62.5", "100"], csv[1..4].Select(line => line[Array.IndexOf(csv[0], "percentile")]));
        Assert.Contains("| dcp, primary | 62.5 | 25, 62.5, 100 |", File.ReadAllText(folder.PathOf(ComparisonReport.MarkdownFile)), StringComparison.Ordinal);
        var page = File.ReadAllText(folder.PathOf(ComparisonReport.HtmlFile));
        Assert.Contains("Among the 4 random networks of the population", page, StringComparison.Ordinal);
        Assert.Contains("mean of the population", page, StringComparison.Ordinal);

        // Later sessions and reports need no table.
        Assert.Equal(Population.ToText(), ComparisonPopulation.Keep(folder, null)!.ToText());
        Assert.Equal(Population.ToText(), ComparisonPopulation.In(folder)!.ToText());
    }

    [Fact]
    public void Prepare_WithAPopulationOfAnotherTestbed_NamesTheFirstDifference()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "t.jsonl");
        var train = new TrainOptions { TrainImages = 40, TestImages = 20, Cells = 3, Channels = 4, Epochs = 2 };
        var images = DatasetCatalog.Open(train.Dataset, null, new DatasetOptions { SyntheticTrainImages = 40 });
        var options = new ComparisonOptions { Strategies = ["random"], Train = train, Population = path };
        Assert.StartsWith($"{path}: cannot be opened: ", Refused(), StringComparison.Ordinal);

        Save(train with { Epochs = 9 });
        Assert.Equal($"{path}: a population of another testbed: train.epochs: 9 there, 2 here. Accuracies compare within one testbed only; use its population, or train one with dcpnas population.", Refused());

        Save(train with { Channels = 6 });
        Assert.Equal(4, ComparisonSetup.Prepare(options).Population!.Sample.Count); // every width is another one at equal OPs
        options = options with { EqualOps = false };
        Assert.Contains("train.channels: 6 there, 4 here.", Refused(), StringComparison.Ordinal);

        Save(train, data => data["digest"] = "sha256:other");
        Assert.Contains("data.digest: sha256:other there, sha256:", Refused(), StringComparison.Ordinal);

        Save(train, networks: []);
        Assert.Equal($"{path}: the population has no trained network with training seed 0 yet. Run dcpnas population until one is finished.", Refused());

        Save(train);
        var setup = ComparisonSetup.Prepare(options);
        Assert.Equal((4, 4), (setup.Population!.Sample.Count, setup.SizeOf(Discretizer.Random(1), train).Channels));
        Assert.Equal(7, setup.SizeOf(Discretizer.Random(1), train with { Channels = 7 }).Channels);

        string Refused() => Assert.Throws<InputException>(() => ComparisonSetup.Prepare(options)).Message;

        void Save(TrainOptions trained, Action<JsonObject>? change = null, IReadOnlyList<PopulationNetwork>? networks = null)
        {
            var testbed = PopulationTestbed.Of(trained, images);
            change?.Invoke(testbed.Data);
            new PopulationTable(PopulationFixture.Header() with { Data = testbed.Data, Train = testbed.Train }, networks ?? Population.Networks, path).Save(path);
        }
    }

    [Fact]
    public void Problems_OfATargetWithoutEqualOps_AreNamed()
    {
        Assert.Equal(["target_ops must be absent where equal_ops is false: networks have the width of train."], (Options with { EqualOps = false, TargetOps = 1e6 }).Problems());
        Assert.Equal(
            ["equal_ops must be false with search.max_flash, search.max_ram or search.max_instructions: a network at the common OPs has a width that knows no limit of a chip."],
            (Options with { Search = Options.Search with { MaxRam = 1e6 } }).Problems());
        Assert.Empty((Options with { EqualOps = false, Search = Options.Search with { MaxRam = 1e6 } }).Problems());
        var wide = Options with { EqualOps = false, Rows = new Dictionary<string, RowDefinition> { ["wide"] = new("dcp") { Train = new JsonObject { ["channels"] = 20 } } } };
        Assert.Empty(wide.Problems());
        Assert.Equal(20, ComparisonEntries.Of(wide).Single(row => row.Name == "wide").Train.Channels);
    }

    private static ComparisonResult Result(ComparisonOptions? options = null, IReadOnlyList<JobRecord>? records = null) =>
        ComparisonResult.Of(options ?? Options, "d", 1e6, records ?? Records, Population);

    private static JobRecord Job(string row, int seed, double top1) =>
        new JobRecord { Strategy = row, Seed = seed, State = JobState.Finished, Genotype = Discretizer.Random(seed).ToString() }
            .With(new TrainingRecord(seed, new JobResult(8, 5, 1e6, 0, 0.5, 1000, top1, 0.9, 1.2, 100, 200)));
}
