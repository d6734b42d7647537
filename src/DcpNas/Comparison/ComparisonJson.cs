using System.Text.Json.Nodes;
using DcpNas.Populations;
using DcpNas.Statistics;

namespace DcpNas.Comparison;

/// <summary>The result for programs.</summary>
internal static class ComparisonJson
{
    /// <summary>The content of compare.json.</summary>
    public static JsonObject Of(ComparisonResult result) => new()
    {
        ["format"] = "dcpnas-compare-2",
        ["dataset"] = result.Dataset,
        ["target_ops"] = result.TargetOps,
        ["ops_tolerance"] = result.Options.OpsTolerance,
        ["confidence"] = SampleStatistics.Confidence,
        ["test_images"] = result.TestImages,
        ["primary"] = result.Options.PrimaryRow,
        ["population"] = Of(result, result.Population),
        ["rows"] = new JsonArray([.. result.Rows.Select(row => new JsonObject
        {
            ["strategy"] = row.Name,
            ["meaning"] = row.Entry.Meaning,
            ["rank"] = row.Top1 is null ? null : result.Ranked.ToList().IndexOf(row) + 1,
            ["same_search_as"] = row.IsShared ? row.Entry.Worker : null,
            ["top1"] = row.Top1 is { } top1 ? Of(top1) : null,
            ["against_random"] = Of(row.AgainstRandom),
            ["primary_against"] = Of(row.PrimaryAgainst),
            ["population"] = Of(row.Place),
            ["kendall_tau_b"] = new JsonArray([.. result.Ranks.Where(rank => rank.Row == row.Name).Select(rank => new JsonObject(
                [KeyValuePair.Create("seed", (JsonNode?)rank.Seed), .. rank.Taus.Select(tau => KeyValuePair.Create(tau.Key, (JsonNode?)tau.Value))]))]),
            ["relative_improvement"] = row.RelativeImprovement,
            ["paper"] = row.Entry.Paper is { } paper ? new JsonObject { ["imagenet_top1_percent"] = paper.Top1, ["source"] = paper.Source } : null,
            ["jobs"] = new JsonArray([.. row.Jobs.Select(job => Of(job, row.Place))]),
        })]),
    };

    private static JsonObject? Of(ComparisonResult result, PopulationTable? population) => population is null ? null : new JsonObject
    {
        ["table"] = result.Options.Population,
        ["top1"] = Of(population.Accuracy),
        ["random_k"] = new JsonArray([.. RandomKExpectation.Of(result).Select(expected => new JsonObject
        {
            ["row"] = expected.Row,
            ["candidates"] = expected.Selection.Candidates,
            ["epochs"] = expected.Selection.Epochs,
            ["mean"] = expected.Selection.Mean,
            ["standard_deviation"] = expected.Selection.StandardDeviation,
        })]),
    };

    private static JsonObject? Of(PopulationPlace? place) => place is null ? null : new JsonObject
    {
        ["percentile"] = place.Percentile,
        ["difference"] = place.Test?.Difference,
        ["interval_low"] = place.Test?.Difference - place.Test?.HalfWidth,
        ["interval_high"] = place.Test?.Difference + place.Test?.HalfWidth,
        ["t"] = place.Test?.T,
        ["degrees"] = place.Test?.Degrees,
        ["p"] = place.Test?.P,
        ["p_holm"] = place.AdjustedP,
        ["glass_delta"] = place.EffectSize,
    };

    private static JsonObject Of(JobRecord job, PopulationPlace? place)
    {
        var json = job.ToJson();
        if (place is not null && place.Percentiles.TryGetValue(job.Seed, out var percentile))
        {
            json["percentile"] = percentile;
        }

        return json;
    }

    private static JsonObject? Of(RowTest? test) => test is null ? null : new JsonObject
    {
        ["difference"] = Of(test.Test.Differences),
        ["t"] = test.Test.T,
        ["p"] = test.Test.P,
        ["p_holm"] = test.AdjustedP,
        ["significant"] = test.IsSignificant,
        ["hedges_g"] = test.EffectSize,
        ["pairs_for_one_point"] = test.PairsForOnePoint,
        ["power_for_one_point"] = test.PowerForOnePoint,
    };

    private static JsonObject Of(SampleStatistics sample) => new()
    {
        ["count"] = sample.Count,
        ["mean"] = sample.Mean,
        ["standard_deviation"] = sample.StandardDeviation,
        ["interval_low"] = sample.Low,
        ["interval_high"] = sample.High,
    };
}
