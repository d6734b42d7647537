using CsCheck;
using DcpNas.SearchSpace;

namespace DcpNas.Tests.SearchSpace;

public class DiscretizerTests
{
    private const string LowestOfAll = "n2[skip<-0, skip<-1] n3[skip<-0, skip<-1] n4[skip<-0, skip<-1] n5[skip<-0, skip<-1]";

    [Fact]
    public void Discretize_OfEqualValues_TakesTheLowestColumnAndTheLowestEdges() =>
        Assert.Equal($"normal: {LowestOfAll} | reduction: {LowestOfAll}", Discretizer.Discretize(new double[14, 8], new double[14, 8]).ToString());

    [Fact]
    public void Discretize_WhereOneOperationStandsOut_FindsAnyGenotype() =>
        Gen.Long.Select(Discretizer.Random).Sample(genotype => Assert.Equal(genotype, Discretizer.Discretize(Peaks(genotype.Normal), Peaks(genotype.Reduction))), iter: 300);

    [Fact]
    public void Discretize_OfSinglePrecision_GivesTheSame()
    {
        var alpha = new float[14, 8];
        alpha[5, 4] = alpha[8, 7] = 1;

        Assert.Equal("n2[skip<-0, skip<-1] n3[skip<-0, skip<-1] n4[sep3<-0, dil5<-3] n5[skip<-0, skip<-1]", Discretizer.Discretize(alpha, alpha).Normal.ToString());
    }

    [Fact]
    public void Discretize_WhereNoneIsLargest_TakesTheNextBest()
    {
        var alpha = new double[14, 8];
        (alpha[0, 0], alpha[0, 6]) = (5, 1);

        Assert.StartsWith("n2[dil3<-0, skip<-1]", Discretizer.Discretize(alpha, alpha).Normal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Discretize_ComparesEdgesAfterSoftmax()
    {
        var alpha = new double[14, 8];
        for (var column = 0; column < 8; column++)
        {
            alpha[2, column] = 9; // node 3, input 0: large values, but 1/8 each
        }

        alpha[3, 5] = 1; // e / (e + 7)
        (alpha[4, 0], alpha[4, 6]) = (3, 2); // e^2 / (e^3 + e^2 + 6): 'none' takes its share

        Assert.Contains("n3[sep5<-1, dil3<-2]", Discretizer.Discretize(alpha, alpha).Normal.ToString(), StringComparison.Ordinal);

        alpha[4, 0] = 6; // e^2 / (e^6 + e^2 + 6) is less than 1/8
        Assert.Contains("n3[skip<-0, sep5<-1]", Discretizer.Discretize(alpha, alpha).Normal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Discretize_WithEdgeWeights_MultipliesThem()
    {
        var (alpha, edges) = (new double[14, 8], new double[14]);
        (alpha[9, 4], alpha[10, 4], alpha[11, 4]) = (1, 1, 1); // node 5: inputs 0, 1, 2
        (edges[9], edges[13]) = (-2, 2);

        var genotype = Discretizer.Discretize(alpha, alpha, edgesReduction: edges);

        Assert.EndsWith("n5[sep3<-0, sep3<-1]", genotype.Normal.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("n5[sep3<-1, skip<-4]", genotype.Reduction.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Discretize_OfRowsThatDifferOnlyInColumnOrder_TakesTheLowestEdges() =>
        Gen.Select(Gen.Double[-9, 9].Array[7], Gen.Int.Array[14]).Sample((values, seeds) =>
        {
            var alpha = new double[14, 8];
            for (var edge = 0; edge < 14; edge++)
            {
                var shuffled = values.ToArray();
                new Random(seeds[edge]).Shuffle(shuffled);
                for (var column = 1; column < 8; column++)
                {
                    alpha[edge, column] = shuffled[column - 1];
                }
            }

            Assert.All(Discretizer.Discretize(alpha, alpha).Normal.Nodes, edges => Assert.Equal([0, 1], edges.Select(edge => edge.Input)));
        }, iter: 300);

    [Fact]
    public void Discretize_OfVeryLargeValues_StaysFinite()
    {
        var alpha = new double[14, 8];
        (alpha[1, 3], alpha[0, 2]) = (1e308, -1e308);

        Assert.StartsWith("n2[skip<-0, avg<-1]", Discretizer.Discretize(alpha, alpha).Normal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Discretize_OfAnotherShape_Throws()
    {
        var problem = Assert.Throws<ArgumentException>(() => Discretizer.Discretize(new double[14, 8], new double[14, 7]));

        Assert.StartsWith("alphaReduction must have shape [14, 8], got [14, 7].", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Discretize_OfNaN_Throws()
    {
        var alpha = new double[14, 8];
        alpha[3, 2] = double.NaN;

        var problem = Assert.Throws<ArgumentException>(() => Discretizer.Discretize(alpha, new double[14, 8]));

        Assert.StartsWith("alphaNormal[3, 2] must be finite, got NaN.", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Discretize_OfTooFewEdgeWeights_Throws()
    {
        var problem = Assert.Throws<ArgumentException>(() => Discretizer.Discretize(new double[14, 8], new double[14, 8], [1, 2]));

        Assert.StartsWith("edgesNormal must be 14 finite numbers, got [1, 2].", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_OfOneSeed_NeverChanges()
    {
        Assert.Equal(
            "normal: n2[sep5<-0, avg<-1] n3[avg<-0, max<-1] n4[sep5<-2, dil3<-3] n5[avg<-3, dil5<-4] | "
            + "reduction: n2[dil5<-0, dil5<-1] n3[dil5<-0, skip<-2] n4[dil5<-1, avg<-3] n5[dil5<-2, sep5<-3]",
            Discretizer.Random(0).ToString());
        Assert.NotEqual(Discretizer.Random(0), Discretizer.Random(1));
        Assert.Equal(new GenotypeProvenance("random", -5), Discretizer.Random(-5).Provenance);
    }

    [Fact]
    public void Random_OverManySeeds_DrawsEveryChoiceEquallyOften()
    {
        const int draws = 21_000;
        var edges = Enumerable.Range(0, draws).SelectMany(seed => Discretizer.Random(seed).Reduction.Edges()).ToArray();

        // Each count is binomial; 6 standard deviations are passed once in 10^8 counts.
        foreach (var node in Enumerable.Range(2, 4))
        {
            var ofNode = edges.Where(edge => edge.Node == node).ToArray();
            AssertEven(ofNode.GroupBy(edge => edge.Edge.Operation).Select(group => group.Count()).ToArray(), 7, 2 * draws);
            var pairs = ofNode.Chunk(2).GroupBy(pair => (pair[0].Edge.Input, pair[1].Edge.Input)).Select(group => group.Count()).ToArray();
            AssertEven(pairs, node * (node - 1) / 2, draws);
        }

        static void AssertEven(int[] counts, int choices, int draws)
        {
            Assert.Equal(choices, counts.Length);
            var (mean, deviation) = ((double)draws / choices, Math.Sqrt(draws * (1.0 / choices) * (1 - (1.0 / choices))));
            Assert.All(counts, count => Assert.InRange(count, mean - (6 * deviation), mean + (6 * deviation)));
        }
    }

    [Fact]
    public void SplitMix64_OfSeedZero_GivesThePublishedSequence()
    {
        var random = new SplitMix64(0);

        Assert.Equal<ulong[]>([0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F], [random.Next(), random.Next(), random.Next()]);
    }

    private static double[,] Peaks(CellGenotype cell)
    {
        var alpha = new double[14, 8];
        foreach (var (_, edgeIndex, edge) in cell.Edges())
        {
            alpha[edgeIndex, OperationNames.IndexOf(edge.Operation)] = 1;
        }

        return alpha;
    }
}
