using System.Text.Json.Nodes;
using DcpNas.Statistics;

namespace DcpNas.Populations;

/// <summary>What a search knows of a population.</summary>
/// <param name="Population">The table, as the user named it.</param>
/// <param name="Epoch">Epochs of the search that were done.</param>
/// <param name="Epochs">Epochs that it has.</param>
/// <param name="Images">Images that each score is over.</param>
/// <param name="BatchSize">Images of a batch, whose statistics normalise.</param>
/// <param name="AlphaOf">Whose alpha: child or parent.</param>
/// <param name="Rows">The networks with their scores.</param>
/// <param name="Found">The genotype that the search found, or null.</param>
public sealed record RankCorrelationOutcome(
    string Population, int Epoch, int Epochs, long Images, int BatchSize, string AlphaOf, IReadOnlyList<(PopulationNetwork Network, SearchScores Scores)> Rows, FoundNetwork? Found)
{
    /// <summary>The rank correlation of each score with the accuracy of the trained networks; cross entropies count from high to low.</summary>
    public IReadOnlyList<RankMeasure> Measures { get; } = Measure(AlphaOf, Rows);

    /// <summary>The content of rank.json.</summary>
    public JsonObject ToJson() => new()
    {
        ["format"] = "dcpnas-rank-1",
        ["population"] = Population,
        ["networks"] = Rows.Count,
        ["epoch"] = Epoch,
        ["epochs"] = Epochs,
        ["images"] = Images,
        ["batch_size"] = BatchSize,
        ["alpha_of"] = AlphaOf,
        ["measures"] = new JsonArray([.. Measures.Select(measure => new JsonObject
        {
            ["key"] = measure.Key,
            ["name"] = measure.Name,
            ["kendall_tau_b"] = measure.Correlation.Tau,
            ["p"] = measure.Correlation.P,
        })]),
        ["found"] = Found?.ToJson(),
        ["rows"] = new JsonArray([.. Rows.Select(row =>
        {
            var json = new JsonObject { ["name"] = row.Network.Name, ["genotype"] = row.Network.Genotype, ["test_top1"] = row.Network.TestTop1, ["ops"] = row.Network.Ops };
            foreach (var (key, value) in row.Scores.ToJson())
            {
                json[key] = value?.DeepClone();
            }

            return json;
        })]),
    };

    private static List<RankMeasure> Measure(string alphaOf, IReadOnlyList<(PopulationNetwork Network, SearchScores Scores)> rows)
    {
        (string Key, string Name, Func<PopulationNetwork, SearchScores, double?> Value)[] all =
        [
            ("log_likelihood", $"log likelihood under the {alphaOf}'s alpha", (_, scores) => scores.LogLikelihood),
            ("child_top1", "top-1 with the Child's shared weights", (_, scores) => scores.Child?.Top1),
            ("child_loss", "cross entropy with the Child's shared weights", (_, scores) => -scores.Child?.CrossEntropy),
            ("parent_top1", "top-1 with the Parent's shared weights", (_, scores) => scores.Parent?.Top1),
            ("parent_loss", "cross entropy with the Parent's shared weights", (_, scores) => -scores.Parent?.CrossEntropy),
            ("discrepancy", "cross entropy of the Child above that of the Parent", (_, scores) => scores.Parent?.CrossEntropy - scores.Child?.CrossEntropy),
            ("ops", "OPs of the network, which needs no search", (network, _) => network.Ops),
        ];
        return
        [
            .. all.Select(one => (one.Key, one.Name, Values: rows.Select(row => one.Value(row.Network, row.Scores)).OfType<double>().ToList()))
                .Where(one => one.Values.Count == rows.Count)
                .Select(one => new RankMeasure(one.Key, one.Name, KendallTau.Of(one.Values, [.. rows.Select(row => row.Network.TestTop1)]))),
        ];
    }
}

/// <summary>How well a score orders the networks.</summary>
/// <param name="Key">The key of the score in rank.json.</param>
/// <param name="Name">The same in words.</param>
/// <param name="Correlation">With the test accuracy of the trained networks.</param>
public sealed record RankMeasure(string Key, string Name, KendallTau Correlation);
