using DcpNas.Protocols.Reference;
using DcpNas.Protocols.ReIdentification;

namespace DcpNas.Tests.Protocols.ReIdentification;

public sealed class ReIdentificationEvaluatorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(FeatureDistance.SquaredEuclidean, false)]
    [InlineData(FeatureDistance.Cosine, false)]
    [InlineData(FeatureDistance.SquaredEuclidean, true)]
    public void Measure_AnyBlockAndThreads_GivesTheSameBits(FeatureDistance distance, bool reRank)
    {
        var (queries, gallery) = Persons(seed: 3, queries: 30, gallery: 700, dimensions: 300);
        var plain = new ReIdentificationOptions { Distance = distance, Threads = 1, GalleryBlock = 10_000, ReRanking = reRank ? new ReRankingOptions() : null };
        var expected = new ReIdentificationEvaluator(queries, gallery, plain).Measure(Token);
        Assert.InRange(expected.MeanAveragePrecision, 0.05, 0.95); // something to get wrong

        foreach (var (threads, block) in ((int, int)[])[(1, 64), (3, 128), (2, 0), (0, 1)])
        {
            var found = new ReIdentificationEvaluator(queries, gallery, plain with { Threads = threads, GalleryBlock = block }).Measure(Token);
            Assert.Equal(expected.Values(), found.Values());
            Assert.Equal(expected.Curve, found.Curve);
            Assert.Equal(expected.Queries.SelectMany(query => query.Ranks), found.Queries.SelectMany(query => query.Ranks));
        }
    }

    [Theory]
    [InlineData(FeatureDistance.SquaredEuclidean, false)]
    [InlineData(FeatureDistance.Cosine, false)]
    [InlineData(FeatureDistance.SquaredEuclidean, true)]
    [InlineData(FeatureDistance.Cosine, true)]
    public void Measure_OfRealFeatures_EqualsTheReferenceProtocol(FeatureDistance distance, bool reRank)
    {
        var (queries, gallery) = Persons(seed: 8, queries: 20, gallery: 250, dimensions: 64);
        var options = new ReIdentificationOptions { Distance = distance, ReRanking = reRank ? new ReRankingOptions() : null };
        var expected = ReferenceReIdentification.Evaluate(queries, gallery, options);
        var found = new ReIdentificationEvaluator(queries, gallery, options).Measure(Token).Values();

        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Value, pair.Second.Value, 1e-12));
    }

    [Fact]
    public void Measure_CountsWhatItLeavesOut()
    {
        var queries = Set([0, 0, 0], [1, -1, 2], [1, 1, 1]);
        var gallery = Set([1, 2, 3, 4], [1, -1, -1, 0], [2, 2, 2, 2]);
        var metrics = new ReIdentificationEvaluator(queries, gallery).Measure(Token);

        Assert.Equal((2, 3, 1), (metrics.GalleryImages, metrics.JunkImages, metrics.SkippedQueries));
        Assert.Equal([0, 2], metrics.Queries.Select(query => query.Query));
        Assert.Equal([1], metrics.Queries[0].Ranks);
        Assert.Empty(metrics.Queries[1].Ranks);
        Assert.Equal(ReIdentificationMetrics.CurveLength, metrics.Curve.Count);
    }

    [Fact]
    public void Rank_ListsTheNearestWithTheirPlacesAndLeavesTheOwnCameraOut()
    {
        var queries = Set([0, 10], [1, 2], [1, 1]);
        var gallery = Set([1, -2, 3, -3, 0, 9], [-1, 1, 3, 2, 1, 2], [2, 2, 2, 2, 1, 2]);
        var lists = new ReIdentificationEvaluator(queries, gallery).Rank([1, 0], 3, Token);

        Assert.Equal([new RankedImage(5, 1, true), new RankedImage(2, 49, false), new RankedImage(4, 100, false)], lists[0]);
        Assert.Equal([new RankedImage(1, 4, true), new RankedImage(2, 9, false), new RankedImage(3, 9, false)], lists[1]);
    }

    [Fact]
    public void Rank_AgreesWithTheRanksOfMeasure()
    {
        var (queries, gallery) = Persons(seed: 4, queries: 12, gallery: 200, dimensions: 16);
        foreach (var ranking in (ReRankingOptions?[])[null, new ReRankingOptions()])
        {
            var evaluator = new ReIdentificationEvaluator(queries, gallery, new ReIdentificationOptions { ReRanking = ranking });
            var metrics = evaluator.Measure(Token);
            var lists = evaluator.Rank([.. Enumerable.Range(0, 12)], 200, Token);
            Assert.All(metrics.Queries, query => Assert.Equal(query.Ranks, lists[query.Query].Index().Where(entry => entry.Item.IsMatch).Select(entry => entry.Index + 1)));
        }
    }

    [Fact]
    public void Draw_SameSeed_GivesTheSameOrders()
    {
        var draws = SingleShot.Draw(20, 5);
        Assert.Equal(SingleShot.Repeats, draws.Count);
        Assert.Equal(draws, SingleShot.Draw(20, 5));
        Assert.NotEqual(draws[0], draws[1]);
        Assert.All(draws, draw => Assert.Equal(Enumerable.Range(0, 20), draw.Order()));
    }

    [Fact]
    public void Measure_BadInput_SaysWhatIsWrong()
    {
        var one = Set([0], [1], [1]);
        Assert.Equal(
            "No query has a match: at least one of 1 queries must have its identity in the gallery under another camera. Check identities and cameras.",
            Assert.Throws<InputException>(() => new ReIdentificationEvaluator(one, one).Measure(Token)).Message);
        Assert.Equal(
            "query 0: the identity must be at least 1, or -1 for junk, got 0. Correct the list.",
            Assert.Throws<InputException>(() => new ReIdentificationEvaluator(Set([0], [0], [1]), one)).Message);
        Assert.Equal(
            "gallery image 0: the identity must be at least 1, 0 for a distractor, or -1 for junk, got -2. Correct the list.",
            Assert.Throws<InputException>(() => new ReIdentificationEvaluator(one, Set([0], [-2], [1]))).Message);
        Assert.Equal(
            "gallery image 1: the feature must be finite, and so its squared length. The network that gave it is broken: use another checkpoint.",
            Assert.Throws<InputException>(() => new ReIdentificationEvaluator(one, Set([0, float.NaN], [1, 1], [1, 1]))).Message);
        Assert.Equal(
            "The features of the gallery must have 1 dimensions like those of the queries, got 2. Compute both with one network.",
            Assert.Throws<InputException>(() => new ReIdentificationEvaluator(one, new FeatureSet(new float[2], 2, [1], [1]))).Message);
        Assert.Equal(
            "draws[0] must hold each place of the gallery from 0 to 0 once. Draw it anew.",
            Assert.Throws<InputException>(() => new ReIdentificationEvaluator(one, Set([0], [1], [2])).MeasureSingleShot([[1]], Token)).Message);
        Assert.Equal(
            "features must hold 2 values for each of 1 identities, got 1. (Parameter 'features')",
            Assert.Throws<ArgumentException>(() => new FeatureSet(new float[1], 2, [1], [1])).Message);
    }

    [Fact]
    public void Measure_TooManyImagesForReRanking_RefusesWithTheLimit() => Assert.Equal(
        "Re-ranking compares every image with every other one: there must be at most 2 queries and gallery images together, got 3. Leave re-ranking out, or raise most_images and wait.",
        Assert.Throws<InputException>(() => new ReIdentificationEvaluator(
            Set([0], [1], [1]), Set([0, 1], [1, 2], [2, 2]), new ReIdentificationOptions { ReRanking = new ReRankingOptions { MostImages = 2 } }).Measure(Token)).Message);

    [Fact]
    public void Options_OutOfRange_AreAllNamed() => Assert.Equal(
        """
        re-identification options cannot be used:
          - distance must be squared_euclidean or cosine, got 7.
          - k1 must be at least 1, got 0.
          - k2 must be at least 1, got 0.
          - lambda must be from 0 to 1, got 2.
          - most_images must be at least 1, got 0.
          - threads must be at least 0, got -1.
          - gallery_block must be at least 0, got -1.
        """,
        Assert.Throws<OptionsException>(() => new ReIdentificationEvaluator(Set([0], [1], [1]), Set([0], [1], [2]), new ReIdentificationOptions
        {
            Distance = (FeatureDistance)7,
            ReRanking = new ReRankingOptions { K1 = 0, K2 = 0, Lambda = 2, MostImages = 0 },
            Threads = -1,
            GalleryBlock = -1,
        })).Message);

    [Fact]
    public void Measure_Cancelled_Ends()
    {
        var (queries, gallery) = Persons(seed: 1, queries: 20, gallery: 100, dimensions: 2);
        Assert.ThrowsAny<OperationCanceledException>(() => new ReIdentificationEvaluator(queries, gallery).Measure(new CancellationToken(canceled: true)));
    }

    private static FeatureSet Set(float[] features, int[] identities, int[] cameras) => new(features, 1, identities, cameras);

    /// <summary>Persons as noisy points around a centre of their own, with junk and distractors.</summary>
    private static (FeatureSet Queries, FeatureSet Gallery) Persons(long seed, int queries, int gallery, int dimensions)
    {
        const int Identities = 15;
        var random = new SeededRandom(seed);
        float[][] centres = [.. Enumerable.Range(0, Identities + 1).Select(_ => Noise())];
        var query = Make(queries, () => 1 + random.Next(Identities));
        return (query, Make(gallery, () => random.Next(Identities + 2) - 1));

        float[] Noise() => [.. Enumerable.Range(0, dimensions).Select(_ => (float)random.NextDouble(-1, 1))];

        FeatureSet Make(int count, Func<int> draw)
        {
            int[] identities = [.. Enumerable.Range(0, count).Select(_ => draw())];
            float[] features = [.. identities.SelectMany(identity => Noise().Zip(centres[Math.Max(0, identity)], (noise, centre) => (2 * noise) + (0.5f * centre)))];
            return new FeatureSet(features, dimensions, identities, [.. identities.Select(_ => 1 + random.Next(4))]);
        }
    }
}
