using DcpNas.Binarization;
using DcpNas.Native;
using DcpNas.SearchSpace;
using DcpNas.SearchSpace.Algebra;
using TorchSharp;
using static TorchSharp.torch;

namespace DcpNas.Tests.SearchSpace;

/// <summary>A genotype evaluated with the shared weights of a supernet.</summary>
public class DiscreteWeightsTests
{
    public DiscreteWeightsTests() => LibTorch.Load();

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, false, false)]
    [InlineData(2, true, false)]
    [InlineData(1, true, true)]
    [InlineData(2, false, true)]
    [InlineData(4, true, true)]
    public void Logits_OfAGenotype_EqualTheMixedOnesWithZeroWeights(int partial, bool edgeNormalization, bool child)
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork(options: new SupernetOptions
        {
            Cells = 4,
            Channels = 8,
            StemMultiplier = 2,
            Classes = 5,
            PartialChannels = partial,
            EdgeNormalization = edgeNormalization,
        });
        using var _ = no_grad();
        var network = child ? tiny.Child : tiny.Parent;
        for (var seed = 1; seed <= 4; seed++)
        {
            var genotype = Discretizer.Random(seed);

            var discrete = network.Logits(tiny.Images, genotype);

            var math = new ValueAlgebra(network.Precision.Activations);
            var mixed = network.Apply(math, tiny.Images, ZeroAndOne(genotype, edgeNormalization, tiny.Images));
            Assert.Equal(0, (discrete - mixed).abs().max().item<double>(), 1e-10);
            Assert.True(discrete.std().item<double>() > 1e-3);
        }
    }

    [Fact]
    public void Logits_OfAGenotype_ComputeNothingThatItDoesNotKeep()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork(options: new SupernetOptions { Cells = 3, Channels = 4, StemMultiplier = 2, Classes = 3, PartialChannels = 2 });
        using var _ = no_grad();
        var genotype = Discretizer.Random(7);
        var expected = tiny.Parent.Logits(tiny.Images, genotype);
        foreach (var cell in tiny.Parent.Cells)
        {
            var kept = (cell.Kind == CellKind.Normal ? genotype.Normal : genotype.Reduction).Edges()
                .Select(edge => (edge.EdgeIndex, OperationNames.IndexOf(edge.Edge.Operation))).ToHashSet();
            for (var column = 1; column < OperationNames.All.Count; column++)
            {
                foreach (var (edge, operation) in cell.Instances(column).Index().Where(instance => !kept.Contains((instance.Index, column))))
                {
                    foreach (var parameter in operation.parameters())
                    {
                        parameter.fill_(double.NaN); // zero times NaN is NaN: only what is not computed adds nothing
                    }
                }
            }
        }

        Assert.Equal(0, (tiny.Parent.Logits(tiny.Images, genotype) - expected).abs().max().item<double>());
        Assert.True(tiny.Parent.Logits(tiny.Images, tiny.Alpha).isnan().any().ToBoolean());
    }

    [Fact]
    public void Logits_OfAGenotypeThatReadsOneInputOnly_LeaveTheOtherOut()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork();
        using var _ = no_grad();
        var cell = new CellGenotype([
            [new(OperationNames.SepConv3, 0), new(OperationNames.Skip, 1)], [new(OperationNames.MaxPool, 1), new(OperationNames.SepConv5, 2)],
            [new(OperationNames.DilConv3, 1), new(OperationNames.AvgPool, 2)], [new(OperationNames.DilConv5, 1), new(OperationNames.SepConv3, 2)]]);
        var genotype = new Genotype(cell, cell);

        var math = new ValueAlgebra(SignEstimator.BiReal);
        var mixed = tiny.Parent.Apply(math, tiny.Images, ZeroAndOne(genotype, false, tiny.Images));

        Assert.Equal(0, (tiny.Parent.Logits(tiny.Images, genotype) - mixed).abs().max().item<double>(), 1e-10);
    }

    [Fact]
    public void Logits_OfAGenotypeAndTheWrongChannels_SayWhatWasExpected()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork();

        var error = Assert.Throws<ShapeException>(() => tiny.Parent.Logits(randn(2, 1, 8, 8), Discretizer.Random(1)));

        Assert.StartsWith("supernet input must have shape [*, 3, *, *], got [2, 1, 8, 8].", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A second implementation: all candidates, all weights 0 but those of the kept edges.</summary>
    private static MixingWeights<Tensor> ZeroAndOne(Genotype genotype, bool edgeNormalization, Tensor like)
    {
        NodeWeights<Tensor>[] Cell(CellGenotype cell) => [.. cell.Nodes.Select((edges, index) =>
        {
            var node = index + 2;
            var (operations, inputs) = (zeros([node * 7], like.dtype), zeros([node], like.dtype));
            foreach (var edge in edges)
            {
                operations[(edge.Input * 7) + OperationNames.IndexOf(edge.Operation) - 1] = edgeNormalization ? 0.5 : 1.0;
                inputs[edge.Input] = edgeNormalization ? 0.5 : 1.0;
            }

            return new NodeWeights<Tensor>(NodeSelection.All(node), operations, inputs);
        })];
        return new(Cell(genotype.Normal), Cell(genotype.Reduction));
    }
}
