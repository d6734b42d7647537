using DcpNas.SearchSpace;

namespace DcpNas.Tests.SearchSpace;

/// <summary>Genotypes drawn from alpha.</summary>
public class GenotypeSamplerTests
{
    private const int Draws = 7000;

    [Fact]
    public void Draw_FromEqualAlpha_IsUniformOverOperationsAndPairsOfInputs()
    {
        var sampler = new GenotypeSampler(Rows(_ => Uniform()), Rows(_ => Uniform()));

        var drawn = Enumerable.Range(0, Draws).Select(seed => sampler.Draw(seed)).ToList();

        var operations = drawn.SelectMany(genotype => genotype.Normal.Edges().Concat(genotype.Reduction.Edges())).CountBy(edge => edge.Edge.Operation).ToList();
        Assert.Equal(OperationNames.All.Count - 1, operations.Count);
        Assert.All(operations, pair => Assert.InRange(pair.Value * 7.0 / (Draws * 16), 0.97, 1.03));
        var pairs = drawn.CountBy(genotype => string.Join(',', genotype.Normal.Nodes[3].Select(edge => edge.Input))).ToList();
        Assert.Equal(10, pairs.Count); // node 5: pairs of 5 places
        Assert.All(pairs, pair => Assert.InRange(pair.Value * 10.0 / Draws, 0.85, 1.15));
    }

    [Fact]
    public void Draw_FromOneEdgeWithKnownProbabilities_FollowsThem()
    {
        // skip 0.3, avg_pool 0.1, none 0.6 everywhere: none is never drawn, skip three times as often as avg_pool
        var sampler = new GenotypeSampler(Rows(_ => [0.6, 0.3, 0, 0.1, 0, 0, 0, 0]), Rows(_ => Uniform()));

        var operations = Enumerable.Range(0, Draws).SelectMany(seed => sampler.Draw(seed).Normal.Edges()).CountBy(edge => edge.Edge.Operation).ToDictionary();

        Assert.Equal([OperationNames.AvgPool, OperationNames.Skip], operations.Keys.Order());
        Assert.InRange(operations[OperationNames.Skip] / (double)operations[OperationNames.AvgPool], 2.8, 3.2);
    }

    [Fact]
    public void Draw_FromDecidedAlpha_IsItsGenotype()
    {
        // Edges from places 0 and 1 hold max_pool, all others none.
        var rows = Rows(edge => One(CellTopology.EndsOf(edge).Input < 2 ? OperationNames.MaxPool : OperationNames.None));

        var genotype = new GenotypeSampler(rows, rows).Draw(5);

        Assert.All(genotype.Normal.Nodes, edges => Assert.Equal([new(OperationNames.MaxPool, 0), new(OperationNames.MaxPool, 1)], edges));
    }

    [Fact]
    public void Mutate_OfAGenotype_ChangesOneEdgeAtMost()
    {
        var sampler = new GenotypeSampler(Rows(_ => Uniform()), Rows(_ => Uniform()));
        var before = Discretizer.Random(3);

        var changes = Enumerable.Range(0, 500).Select(seed =>
        {
            var after = sampler.Mutate(before, seed);
            return before.Normal.Edges().Except(after.Normal.Edges()).Count() + before.Reduction.Edges().Except(after.Reduction.Edges()).Count();
        }).ToList();

        Assert.All(changes, count => Assert.InRange(count, 0, 1));
        Assert.True(changes.Sum() > 400, $"{changes.Sum()} of 500 changed an edge");
    }

    [Fact]
    public void Draw_OfTheSameSeed_IsTheSameGenotype()
    {
        var sampler = new GenotypeSampler(Rows(_ => Uniform()), Rows(_ => Uniform()));

        Assert.Equal(sampler.Draw(12), sampler.Draw(12));
        Assert.NotEqual(sampler.Draw(12), sampler.Draw(13));
    }

    private static double[][] Rows(Func<int, double[]> row) => [.. Enumerable.Range(0, CellTopology.EdgeCount).Select(row)];

    private static double[] Uniform() => [.. Enumerable.Repeat(1.0 / 8, 8)];

    private static double[] One(string operation) => [.. OperationNames.All.Select(name => name == operation ? 1.0 : 0)];
}
