using DcpNas.Protocols.ReIdentification;
using DcpNas.Protocols.Reference;

namespace DcpNas.Protocols.Conformance;

/// <summary>Queries, gallery and options of person re-identification.</summary>
internal sealed record ReIdentificationCase(
    FeatureDistance Distance, PersonImage[] Queries, PersonImage[] Gallery, PoolCase? Pool = null, ReRankingCase? ReRanking = null, int[][]? Draws = null) : IProtocolCase
{
    /// <inheritdoc/>
    string IProtocolCase.Protocol => "re_identification";

    /// <inheritdoc/>
    IReadOnlyList<string>? IProtocolCase.MeasureNames => ["rank_1", "rank_5", "rank_10", "rank_20", "mAP", "mINP"];

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Evaluate(string source)
    {
        var evaluator = new ReIdentificationEvaluator(PooledQueries(source), Set(Gallery, source, "gallery"), Options());
        return (Draws is null ? evaluator.Measure() : evaluator.MeasureSingleShot(Draws)).Values();
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> EvaluateByReference(string source) =>
        ReferenceReIdentification.Evaluate(ReferencePooledQueries(source), Set(Gallery, source, "gallery"), Options(), Draws);

    private ReIdentificationOptions Options() => new()
    {
        Distance = Distance,
        ReRanking = ReRanking is null ? null : new ReRankingOptions { K1 = ReRanking.K1, K2 = ReRanking.K2, Lambda = ReRanking.Lambda },
    };

    private FeatureSet PooledQueries(string source)
    {
        var queries = Set(Queries, source, "queries");
        return Pool is null ? queries : MultiQuery.Pool(queries, Set(Pool.Images, source, "pool.images"), Pool.Pooling);
    }

    /// <summary>Multi-query written once more: each dimension of each query on its own.</summary>
    private FeatureSet ReferencePooledQueries(string source) => Pool is null ? Set(Queries, source, "queries") : Set(
        [.. Queries.Select(query =>
        {
            var same = Pool.Images.Where(image => image.Identity == query.Identity && image.Camera == query.Camera).ToList();
            return same.Count == 0
                ? query
                : query with
                {
                    Feature = [.. query.Feature.Select((_, d) => Pool.Pooling == QueryPooling.Max ? same.Max(image => image.Feature[d]) : (float)same.Average(image => (double)image.Feature[d]))],
                };
        })], source, "queries");

    private static FeatureSet Set(PersonImage[] images, string source, string list)
    {
        if (images.Length == 0 || images[0].Feature.Length == 0)
        {
            throw InputException.InFile(source, $"re_identification.{list}", "at least one image with a feature", "none", "Add one.");
        }

        var dimensions = images[0].Feature.Length;
        if (Array.FindIndex(images, image => image.Feature.Length != dimensions) is > 0 and var odd)
        {
            throw InputException.InFile(
                source, $"re_identification.{list}[{odd}].feature", $"{dimensions} numbers like the first one", $"{images[odd].Feature.Length}", "Give every image a feature of one length.");
        }

        return new FeatureSet(
            images.SelectMany(image => image.Feature).ToArray(), dimensions, [.. images.Select(image => image.Identity)], [.. images.Select(image => image.Camera)]);
    }
}

/// <summary>An image of a person in a case file.</summary>
internal sealed record PersonImage(int Identity, int Camera, float[] Feature);

/// <summary>The images of a multi-query case, and how they become one feature.</summary>
internal sealed record PoolCase(QueryPooling Pooling, PersonImage[] Images);

/// <summary>The numbers of k-reciprocal re-ranking in a case file.</summary>
internal sealed record ReRankingCase(int K1, int K2, double Lambda);
