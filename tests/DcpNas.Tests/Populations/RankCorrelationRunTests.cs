using System.Text.Json.Nodes;
using DcpNas.Populations;
using DcpNas.Runs;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;
using DcpNas.Tests.Runs;

namespace DcpNas.Tests.Populations;

/// <summary>What a search knows of a population: one search of seconds, tables with chosen accuracies.</summary>
public sealed class RankCorrelationRunTests(RankCorrelationRunTests.FinishedSearch search) : IClassFixture<RankCorrelationRunTests.FinishedSearch>
{
    private const int Networks = 6;

    [Fact]
    public void Execute_OnNetworksInTheOrderOfAScore_GivesItOneAndTheOppositeOrderMinusOne()
    {
        using var folder = new TemporaryFolder();
        var scores = Rank(folder, _ => 0.5).Rows.Select(row => row.Scores).ToList();
        Assert.Equal(Networks, scores.Select(score => score.LogLikelihood).Distinct().Count());
        var byAlpha = scores.Select(score => score.LogLikelihood).Order().ToList();
        var byChild = scores.Select(score => score.Child!.CrossEntropy).OrderDescending().ToList();

        var alpha = Rank(folder, index => 0.1 * (1 + byAlpha.IndexOf(scores[index].LogLikelihood)));
        var child = Rank(folder, index => 0.9 - (0.1 * byChild.IndexOf(scores[index].Child!.CrossEntropy)));

        double Above(SearchScores score) => score.Child!.CrossEntropy - score.Parent!.CrossEntropy;
        var byDiscrepancy = scores.Select(Above).OrderDescending().ToList();
        var discrepancy = Rank(folder, index => 0.1 * (1 + byDiscrepancy.IndexOf(Above(scores[index]))));

        Assert.Equal(1, TauOf(discrepancy, "discrepancy")); // the smallest is the best
        Assert.Equal(1, TauOf(alpha, "log_likelihood"));
        Assert.Equal(-1, TauOf(child, "child_loss"));
        Assert.Equal(["log_likelihood", "child_top1", "child_loss", "parent_top1", "parent_loss", "discrepancy", "ops"], alpha.Measures.Select(measure => measure.Key));
        Assert.Equal(scores, alpha.Rows.Select(row => row.Scores)); // the same every time
        Assert.All(scores, score => Assert.Equal((12, 12), (score.Child!.Images, score.Parent!.Images)));
    }

    [Fact]
    public void Execute_OnASearch_LeavesRanksAndASectionThatLaterReportsKeep()
    {
        using var folder = new TemporaryFolder();

        var outcome = Rank(folder, index => 0.1 * index, options => options with { Accuracy = 0.45 });

        Assert.Equal(100 * 5 / 6.0, outcome.Found!.Percentile!.Value, 1e-9);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(search.Path, RunFiles.Rank)))!;
        Assert.Equal(("dcpnas-rank-1", Networks, 12, "child"), ((string)json["format"]!, (int)json["networks"]!, (int)json["images"]!, (string)json["alpha_of"]!));
        Assert.Equal(outcome.Rows.Select(row => row.Scores.LogLikelihood), json["rows"]!.AsArray().Select(row => (double)row!["log_likelihood"]!));
        Assert.Equal(outcome.Measures.Select(measure => measure.Correlation.Tau), json["measures"]!.AsArray().Select(measure => (double?)measure!["kendall_tau_b"]));
        using var run = RunFolder.OpenForReading(search.Path);
        var page = File.ReadAllText(RunReport.Build(run));
        Assert.Contains("What the search knows", page, StringComparison.Ordinal);
        Assert.Contains("The found network reaches 45.00 % when trained like the random ones: percentile 83.3 (that many per cent of them are worse; 6 were scored).", page, StringComparison.Ordinal);
        Assert.Contains("Trained accuracy against top-1 with the Child&#39;s shared weights", page, StringComparison.Ordinal);
        Assert.Contains("found by the search", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_WhereTheTableHoldsTheFoundGenotype_TakesItsAccuracy()
    {
        using var folder = new TemporaryFolder();
        var table = folder["t.jsonl"];
        var networks = Enumerable.Range(1, 4).Select(seed => PopulationFixture.Network(seed, 0.1 * seed)).ToList();
        networks.Add(networks[0] with { Name = "found", Genotype = Genotype.Load(Path.Combine(search.Path, RunFiles.Genotype)).ToString(), TestTop1 = 0.35 });
        new PopulationTable(Header(), networks, table).Save(table);

        var found = RankCorrelationRun.Execute(new RankCorrelationOptions(search.Path, table), (_, _) => { }, _ => { }, TestContext.Current.CancellationToken).Found!;

        Assert.Equal((0.35, $"{table}, found", 70.0), (found.Accuracy, found.Source, found.Percentile));
    }

    [Fact]
    public void Execute_WithoutTheAccuracyOfTheFoundNetwork_SaysHowToGiveIt()
    {
        using var folder = new TemporaryFolder();

        Assert.Null(Rank(folder, index => 0.1 * index).Found!.Percentile);

        Assert.Contains("Train it, then call dcpnas rank with --trained.", File.ReadAllText(Path.Combine(search.Path, RunFiles.Report)), StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_OnTheTrainingOfAnotherNetwork_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var options = new TrainOptions { Genotype = Discretizer.Random(99).ToString() };
        Directory.CreateDirectory(folder["trained"]);
        File.WriteAllText(Path.Combine(folder["trained"], RunFiles.Options), options.ToJson().ToJsonString());
        File.WriteAllText(Path.Combine(folder["trained"], RunFiles.Results), """{"test":{"top1":0.5}}""");

        var error = Assert.Throws<InputException>(() => Rank(folder, _ => 0.5, rank => rank with { Trained = folder["trained"] }));
        Assert.StartsWith($"{folder["trained"]}: at genotype, expected the found one (", error.Message, StringComparison.Ordinal);

        var found = Genotype.Load(Path.Combine(search.Path, RunFiles.Genotype)).ToString();
        File.WriteAllText(Path.Combine(folder["trained"], RunFiles.Options), (options with { Genotype = found }).ToJson().ToJsonString());
        error = Assert.Throws<InputException>(() => Rank(folder, _ => 0.5, rank => rank with { Trained = folder["trained"] }));
        Assert.Contains("was not trained like the population: train.accumulate: 1 there, absent here.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind", "CIFAR-10", "data.kind: CIFAR-10 there, synthetic shapes in the search.")]
    [InlineData("size", "3 x 16 x 16", "data.size: 3 x 16 x 16 there, 3 x 32 x 32 in the search.")]
    [InlineData("classes", "7", "data.classes: 7 there, 10 in the search.")]
    public void Execute_OnAPopulationOfOtherImages_NamesTheDifferenceAndWritesNothing(string key, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        var before = File.GetLastWriteTimeUtc(Path.Combine(search.Path, RunFiles.Report));

        var error = Assert.Throws<InputException>(() => Rank(folder, _ => 0.5, header: header => header.Data[key] = value));

        Assert.Equal($"{folder["t.jsonl"]}: a population of other images than the search: {expected} Use a population on the images of the search.", error.Message);
        Assert.Equal(before, File.GetLastWriteTimeUtc(Path.Combine(search.Path, RunFiles.Report)));
    }

    [Fact]
    public void Execute_OnMoreImagesThanTheHalfHas_ScoresByAllAndSaysSo()
    {
        using var folder = new TemporaryFolder();
        var warnings = new List<string>();

        var outcome = Rank(folder, index => 0.1 * index, options => options with { Images = 1000 }, warn: warnings.Add);

        Assert.Equal(18, outcome.Images);
        Assert.Equal(["images = 1000 is more than the architecture half of the search has (18); 18 score each network, in full batches."], warnings);
    }

    [Fact]
    public void Execute_OnFewerImagesThanABatch_SaysWhy()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<OptionsException>(() => Rank(folder, _ => 0.5, options => options with { Images = 5 }));

        Assert.Contains("images must be at least a batch of the search, 6, got 5: supernets normalise with the statistics of a batch.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_OnTooFewNetworks_SaysHowMany()
    {
        using var folder = new TemporaryFolder();
        PopulationFixture.Table(0.5, 0.6).Save(folder["t.jsonl"]);

        var error = Assert.Throws<InputException>(() => RankCorrelationRun.Execute(new RankCorrelationOptions(search.Path, folder["t.jsonl"]), (_, _) => { }, _ => { }, TestContext.Current.CancellationToken));

        Assert.Equal($"{folder["t.jsonl"]}: at its networks, expected at least 3 genotypes but found 2. Train more with dcpnas population.", error.Message);
    }

    [Fact]
    public void Execute_OnFoldersThatAreNoFinishedSearch_SaysWhatIsMissing()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["training"]);
        File.WriteAllText(Path.Combine(folder["training"], RunFiles.Options), new TrainOptions().ToJson().ToJsonString());
        var error = Assert.Throws<InputException>(() => Rank(folder, _ => 0.5, options => options with { Run = folder["training"] }));
        Assert.Equal($"{folder["training"]}: at options.json, expected the options of a search but found those of another run. Name the run folder of a search.", error.Message);

        Directory.CreateDirectory(folder["begun"]);
        File.Copy(Path.Combine(search.Path, RunFiles.Options), Path.Combine(folder["begun"], RunFiles.Options));
        error = Assert.Throws<InputException>(() => Rank(folder, _ => 0.5, options => options with { Run = folder["begun"] }));
        Assert.StartsWith($"{folder["begun"]}: at checkpoint.safetensors, expected the state of a search but found no such file.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_OfOptionsOutOfRange_NamesAll() => Assert.Equal(
        ["limit must be at least 3, got 2.", "images must be at least 1, got 0.", "accuracy must be a share from 0 to 1, got 80.", "accuracy and trained must not both be given: they say the same."],
        new RankCorrelationOptions("r", "t") { Limit = 2, Images = 0, Accuracy = 80, Trained = "x" }.Problems());

    private static PopulationHeader Header()
    {
        var header = PopulationFixture.Header();
        (header.Data["classes"], header.Data["size"]) = (10, "3 x 32 x 32");
        return header;
    }

    private static double? TauOf(RankCorrelationOutcome outcome, string key) => outcome.Measures.Single(measure => measure.Key == key).Correlation.Tau;

    private RankCorrelationOutcome Rank(TemporaryFolder folder, Func<int, double> accuracy, Func<RankCorrelationOptions, RankCorrelationOptions>? change = null, Action<PopulationHeader>? header = null, Action<string>? warn = null)
    {
        var first = Header();
        header?.Invoke(first);
        new PopulationTable(first, [.. Enumerable.Range(0, Networks).Select(index => PopulationFixture.Network(index + 1, accuracy(index)))], "t").Save(folder["t.jsonl"]);
        var options = new RankCorrelationOptions(search.Path, folder["t.jsonl"]) { Images = 12 };
        return RankCorrelationRun.Execute(change is null ? options : change(options), (_, _) => { }, warn ?? (_ => { }), CancellationToken.None);
    }

    /// <summary>A search of seconds, in its run folder.</summary>
    public sealed class FinishedSearch : IDisposable, ISearchObserver
    {
        private readonly TemporaryFolder _folder = new();

        public FinishedSearch() => SearchRun.Execute(Options, Path, "dcpnas search", this, _ => { }, CancellationToken.None);

        internal static SearchOptions Options { get; } = new()
        {
            TrainImages = 36,
            Cells = 3,
            Channels = 2,
            Epochs = 2,
            Rounds = 1,
            WarmupShare = 0,
            BatchSize = 6,
            EvaluationImages = 6,
            FinalChannels = 4,
            FinalCells = 3,
            Threads = 1,
            Workers = 0,
        };

        public string Path => _folder["run"];

        public void Dispose() => _folder.Dispose();

        public void OnStep(SearchStep step)
        {
        }

        public void OnEpoch(EpochSummary epoch)
        {
        }

        public void OnEvent(int epoch, bool warning, string name, string text)
        {
        }
    }
}
