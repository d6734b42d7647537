using System.Text.Json.Nodes;
using DcpNas.Comparison;
using DcpNas.Populations;
using DcpNas.Runs;
using DcpNas.Search;
using DcpNas.Tests.Data;
using DcpNas.Tests.Populations;

namespace DcpNas.Tests.Comparison;

/// <summary>What the searches of a comparison know of a population: one search of seconds in the folder of its job.</summary>
public sealed class SearchRankTests
{
    private static readonly SearchOptions Search = RankCorrelationRunTests.FinishedSearch.Options with { Strategy = SearchStrategy.Parent, Epochs = 1 };

    private readonly Listener _listener = new();

    private List<string> Said => _listener.Said;

    [Fact]
    public void Score_OnTheSearchesOfAComparison_GivesWhatRankComputesOnceForEachPopulation()
    {
        using var place = new TempFolder();
        var options = new ComparisonOptions { Strategies = ["parent", "random", "cp"], Seeds = [0] };
        using var folder = RunFolder.Start(place.Path, options.ToJson(), RunEnvironment.Collect("cpu"), "dcpnas compare", ComparisonOptions.MayChange);
        var path = Path.Combine(folder.Path, ComparisonQueue.Folder, "parent-seed0", ComparisonWork.SearchFolder);
        var found = SearchRun.Execute(Search, path, "dcpnas search", _listener, _ => { }, CancellationToken.None).Genotype;
        JobRecord[] records = [new() { Strategy = "parent", Seed = 0, Genotype = found.ToString() }, new() { Strategy = "random", Seed = 0, Genotype = found.ToString() }, new() { Strategy = "cp", Seed = 0 }];

        var result = Result(0.5, 0.6, 0.7, 0.62);
        Assert.Empty(SearchRank.In(folder, result));
        SearchRank.Score(folder, result, _listener, CancellationToken.None);

        Assert.Equal(["parent-seed0: 4"], Said); // random trains no supernet, the search of cp has not ended
        var rank = Assert.Single(SearchRank.In(folder, result));
        var expected = RankCorrelationRun.Execute(new RankCorrelationOptions(path, folder.PathOf(ComparisonPopulation.File)), (_, _) => { }, _ => { }, CancellationToken.None);
        Assert.Equal(("parent", 0), (rank.Row, rank.Seed));
        Assert.Equal(expected.Measures.Select(measure => (measure.Key, measure.Correlation.Tau)), rank.Taus.Select(tau => (tau.Key, tau.Value)));

        // It stands; another population asks anew.
        SearchRank.Score(folder, result, _listener, CancellationToken.None);
        Assert.Single(Said);
        var other = Result(0.7, 0.6, 0.5, 0.4);
        Assert.Empty(SearchRank.In(folder, other));
        SearchRank.Score(folder, other, _listener, CancellationToken.None);
        Assert.Equal(["parent-seed0: 4", "parent-seed0: 4"], Said);

        // A search that cannot say anything is named, and costs nothing else.
        File.Delete(Path.Combine(path, RunFiles.Rank));
        foreach (var checkpoint in Directory.GetFiles(path, "checkpoint*"))
        {
            File.Delete(checkpoint);
        }

        SearchRank.Score(folder, other, _listener, CancellationToken.None);
        Assert.StartsWith($"parent-seed0: no rank correlation: {path}: at checkpoint.safetensors, expected the state of a search but found no such file.", Said[^1], StringComparison.Ordinal);

        ComparisonResult Result(params double[] accuracies)
        {
            var header = PopulationFixture.Header();
            (header.Data["classes"], header.Data["size"]) = (10, "3 x 32 x 32");
            var table = new PopulationTable(header, PopulationFixture.Table(accuracies).Networks, "t");
            return ComparisonResult.Of(options, "d", 1e6, records, ComparisonPopulation.Keep(folder, table));
        }
    }

    [Fact]
    public void Write_WithRanks_ShowsTheirMeanAndRange()
    {
        var result = ComparisonResult.Of(new() { Strategies = ["dcp", "cp"], Seeds = [0] }, "d", 1e6, [], PopulationFixture.Table(0.5, 0.6, 0.7)) with
        {
            Ranks = [Rank("dcp", 0, 0.25, 0.1), Rank("dcp", 1, 0.75, 0.1), Rank("cp", 0, -0.5, null)],
        };
        Assert.Equal(["row", "searches#", "log likelihood#", "Child, top-1#", "Child, loss#", "Parent, top-1#", "Parent, loss#", "Child above Parent, loss#", "OPs#"], SearchRankTable.Columns);
        Assert.Equal([["dcp", "2", "+0.50 (+0.25 to +0.75)", "+0.10", "", "", "", "", ""], ["cp", "1", "-0.50", "", "", "", "", "", ""]], SearchRankTable.Rows(result));

        using var place = new TempFolder();
        using var folder = RunFolder.Start(place.Path, result.Options.ToJson(), RunEnvironment.Collect("cpu"), "dcpnas compare", ComparisonOptions.MayChange);
        ComparisonReport.Write(folder, result);
        Assert.Contains("What the searches know", File.ReadAllText(folder.PathOf(ComparisonReport.HtmlFile)), StringComparison.Ordinal);
        Assert.Contains("| dcp | 2 | +0.50 (+0.25 to +0.75) | +0.10 |", File.ReadAllText(folder.PathOf(ComparisonReport.MarkdownFile)), StringComparison.Ordinal);
        var json = JsonNode.Parse(File.ReadAllText(folder.PathOf(ComparisonReport.JsonFile)))!;
        Assert.Equal((1, 0.75), ((int)json["rows"]![0]!["kendall_tau_b"]![1]!["seed"]!, (double)json["rows"]![0]!["kendall_tau_b"]![1]!["log_likelihood"]!));

        static SearchRank Rank(string row, int seed, double? likelihood, double? child) => new(row, seed, new Dictionary<string, double?> { ["log_likelihood"] = likelihood, ["child_top1"] = child });
    }

    [Fact]
    public void DemandWhereNeeded_RankWithoutAPopulation_IsRefused()
    {
        using var folder = new TempFolder();
        var options = new ComparisonOptions { Rank = true };
        Assert.Equal(
            ["rank needs the networks of a population, got none. Name a table with --population, or leave rank out."],
            Assert.Throws<OptionsException>(() => ComparisonPopulation.DemandWhereNeeded(options, folder.Path)).Problems);
        ComparisonPopulation.DemandWhereNeeded(options with { Population = "t.jsonl" }, folder.Path);
        File.WriteAllText(Path.Combine(folder.Path, ComparisonPopulation.File), "");
        ComparisonPopulation.DemandWhereNeeded(options, folder.Path); // that of an earlier session
    }

    private sealed class Listener : IComparisonObserver, ISearchObserver
    {
        public List<string> Said { get; } = [];

        public void OnStart(IReadOnlyList<JobRecord> records, ComparisonOptions options, double targetOps)
        {
        }

        public void OnProgress(ComparisonJob job, JobStage stage, double share)
        {
        }

        public void OnJob(JobRecord record)
        {
        }

        public void OnRank(string job, int networks) => Said.Add($"{job}: {networks}");

        public void OnWarning(string text) => Said.Add(text);

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
