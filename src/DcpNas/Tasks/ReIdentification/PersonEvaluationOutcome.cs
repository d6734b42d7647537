using System.Text.Json.Nodes;
using DcpNas.Evaluation;
using DcpNas.Protocols.ReIdentification;
using static System.FormattableString;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>What an evaluation of embeddings came to.</summary>
/// <param name="Model">The checkpoint.</param>
/// <param name="Dataset">The honest name of the data.</param>
/// <param name="Protocol">How it was evaluated, in words.</param>
/// <param name="Metrics">The measures.</param>
/// <param name="Warnings">What a reader should know of the data.</param>
public sealed record PersonEvaluationOutcome(string Model, string Dataset, string Protocol, ReIdentificationMetrics Metrics, IReadOnlyList<string> Warnings)
    : IEvaluationOutcome
{
    /// <summary>Where <see cref="ToJson"/> was written.</summary>
    public string JsonPath { get; init; } = "";

    /// <summary>Where the page was written.</summary>
    public string PagePath { get; init; } = "";

    /// <summary>Everything, for programs.</summary>
    public JsonObject ToJson() => new()
    {
        ["model"] = Model,
        ["dataset"] = Dataset,
        ["protocol"] = Protocol,
        ["queries"] = Metrics.Queries.Count - Metrics.SkippedQueries,
        ["skipped_queries"] = Metrics.SkippedQueries,
        ["gallery"] = Metrics.GalleryImages,
        ["metrics"] = new JsonObject
        {
            ["map"] = Metrics.MeanAveragePrecision,
            ["minp"] = Metrics.MeanInverseNegativePenalty,
            ["rank1"] = Metrics.MatchingRate(1),
            ["rank5"] = Metrics.MatchingRate(5),
            ["rank10"] = Metrics.MatchingRate(10),
            ["rank20"] = Metrics.MatchingRate(20),
        },
        ["cmc"] = new JsonArray([.. Metrics.Curve.Select(value => (JsonNode)value)]),
        ["warnings"] = new JsonArray([.. Warnings.Select(warning => (JsonNode?)warning)]),
    };

    /// <inheritdoc/>
    public IEnumerable<EvaluationPart> Summary() =>
    [
        new EvaluationLine($"{Model} on {Dataset}"),
        new EvaluationLine($"protocol  {Protocol}"),
        new EvaluationLine(Invariant(
            $"queries   {Metrics.Queries.Count - Metrics.SkippedQueries}{(Metrics.SkippedQueries > 0 ? Invariant($", {Metrics.SkippedQueries} without a match left out") : "")}")),
        new EvaluationLine(Invariant($"gallery   {Metrics.GalleryImages}")),
        new EvaluationLine(Invariant($"mAP       {Metrics.MeanAveragePrecision * 100:0.00} %")),
        new EvaluationLine(Invariant($"mINP      {Metrics.MeanInverseNegativePenalty * 100:0.00} %")),
        .. ((int[])[1, 5, 10, 20]).Select(rank => new EvaluationLine(Invariant($"{$"rank-{rank}",-9} {Metrics.MatchingRate(rank) * 100:0.00} %"))),
        new EvaluationLine($"measures  {JsonPath}"),
        new EvaluationLine($"page      {PagePath}"),
    ];
}
