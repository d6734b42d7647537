using System.Text.Json.Nodes;
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
        ["rows"] = new JsonArray([.. result.Rows.Select(row => new JsonObject
        {
            ["strategy"] = row.Name,
            ["meaning"] = row.Entry.Meaning,
            ["rank"] = row.Top1 is null ? null : result.Ranked.ToList().IndexOf(row) + 1,
            ["same_search_as"] = row.IsShared ? row.Entry.Worker : null,
            ["top1"] = row.Top1 is { } top1 ? Of(top1) : null,
            ["against_random"] = Of(row.AgainstRandom),
            ["primary_against"] = Of(row.PrimaryAgainst),
            ["relative_improvement"] = row.RelativeImprovement,
            ["paper"] = row.Entry.Paper is { } paper ? new JsonObject { ["imagenet_top1_percent"] = paper.Top1, ["source"] = paper.Source } : null,
            ["jobs"] = new JsonArray([.. row.Jobs.Select(job => job.ToJson())]),
        })]),
    };

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
