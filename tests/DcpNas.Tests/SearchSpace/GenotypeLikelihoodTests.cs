using DcpNas.Native;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Tests.SearchSpace;

/// <summary>The likelihood of a genotype under alpha.</summary>
public class GenotypeLikelihoodTests
{
    public GenotypeLikelihoodTests() => LibTorch.Load();

    [Fact]
    public void Log_OfEqualAlpha_IsThatOfEveryGenotype()
    {
        using var alpha = Alpha(edgeNormalization: true, spread: 0);
        var cells = (49.0 * 1) * (49 * 3) * (49 * 6) * (49 * 10);

        for (var seed = 1; seed < 20; seed++)
        {
            Assert.Equal(-2 * Math.Log(cells), GenotypeLikelihood.Log(alpha, Discretizer.Random(seed)), 1e-9);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Log_OfAllChoicesOfANode_AddsUpToOne(bool edgeNormalization)
    {
        using var alpha = Alpha(edgeNormalization, spread: 1.5);
        var genotype = Discretizer.Random(4);
        var others = genotype.Normal.Nodes.ToArray();
        const int Node = 4;
        var nodes = new List<IReadOnlyList<GenotypeEdge>>();
        for (var a = 0; a < Node; a++)
        {
            for (var b = a + 1; b < Node; b++)
            {
                nodes.AddRange(GenotypeRules.Operations.SelectMany(first => GenotypeRules.Operations.Select(second => (GenotypeEdge[])[new(first, a), new(second, b)])));
            }
        }

        var sums = nodes.Select(node => Math.Exp(GenotypeLikelihood.Log(alpha, genotype with { Normal = new CellGenotype([others[0], others[1], node, others[3]]) }))).ToList();

        Assert.Equal(6 * 49, sums.Count);
        var rest = Math.Exp(GenotypeLikelihood.Log(alpha, genotype)) / sums.Sum(); // the share of the node's own choice among all
        Assert.InRange(rest, 0, 1);
        // The other nodes' factor: take it from a second node of the same cell, for which the sum must be the same number.
        var second = GenotypeRules.Operations.SelectMany(x => GenotypeRules.Operations.Select(y => (GenotypeEdge[])[new(x, 0), new(y, 1)]))
            .Sum(node => Math.Exp(GenotypeLikelihood.Log(alpha, genotype with { Normal = new CellGenotype([node, others[1], others[2], others[3]]) })));
        var both = GenotypeRules.Operations.SelectMany(x => GenotypeRules.Operations.Select(y => (GenotypeEdge[])[new(x, 0), new(y, 1)]))
            .Sum(first => nodes.Sum(node => Math.Exp(GenotypeLikelihood.Log(alpha, genotype with { Normal = new CellGenotype([first, others[1], node, others[3]]) }))));
        Assert.Equal(both * Math.Exp(GenotypeLikelihood.Log(alpha, genotype)), sums.Sum() * second, both * second * 1e-9);
    }

    [Fact]
    public void Log_OfTheGenotypeOfADecidedAlpha_IsZeroAndOfAnyOtherFarBelow()
    {
        using var alpha = Alpha(edgeNormalization: false, spread: 0);
        var genotype = Discretizer.Random(6);
        using (no_grad())
        {
            foreach (var (kind, cell) in ((CellKind, CellGenotype)[])[(CellKind.Normal, genotype.Normal), (CellKind.Reduction, genotype.Reduction)])
            {
                alpha.Alpha(kind).select(1, OperationNames.IndexOf(OperationNames.None)).fill_(200);
                foreach (var (_, edge, chosen) in cell.Edges())
                {
                    alpha.Alpha(kind)[edge, OperationNames.IndexOf(chosen.Operation)] = 400;
                }
            }
        }

        Assert.Equal(0, GenotypeLikelihood.Log(alpha, genotype), 1e-9);
        Assert.InRange(GenotypeLikelihood.Log(alpha, Discretizer.Random(7)), -1e5, -100);
    }

    [Fact]
    public void Log_RisesWithTheProbabilityOfAKeptOperation()
    {
        using var alpha = Alpha(edgeNormalization: false, spread: 0.7);
        var genotype = Discretizer.Random(2);
        var before = GenotypeLikelihood.Log(alpha, genotype);
        var (_, edge, chosen) = genotype.Reduction.Edges().Last();
        using (no_grad())
        {
            alpha.Alpha(CellKind.Reduction)[edge, OperationNames.IndexOf(chosen.Operation)].add_(0.5);
        }

        Assert.True(GenotypeLikelihood.Log(alpha, genotype) > before);
    }

    private static ArchitectureParameters Alpha(bool edgeNormalization, double spread)
    {
        random.manual_seed(8);
        var alpha = new ArchitectureParameters(edgeNormalization);
        using var _ = no_grad();
        foreach (var parameter in alpha.All)
        {
            parameter.copy_(randn_like(parameter) * spread);
        }

        return alpha;
    }
}
