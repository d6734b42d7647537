using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Native;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Tests.SearchSpace;

/// <summary>The graph that Parent and Child share.</summary>
public class SupernetTests
{
    public SupernetTests() => LibTorch.Load();

    [Theory]
    [InlineData(1, BinarizationScheme.Paper)]
    [InlineData(2, BinarizationScheme.Release)]
    [InlineData(4, BinarizationScheme.None)]
    public void Logits_OfABatch_HaveOneRowPerImage(int partial, BinarizationScheme scheme)
    {
        using var scope = NewDisposeScope();
        using var network = new Supernet(new SupernetOptions { Cells = 4, Channels = 8, PartialChannels = partial, Classes = 7 }, new Precision(scheme));
        using var alpha = new ArchitectureParameters(false);

        Assert.Equal([2, 7], network.Logits(randn(2, 3, 16, 16), alpha).shape);
    }

    [Fact]
    public void Logits_WithTheStemHalf_AreThoseOfEverySecondPixelWhereTheStemLooksAtOnePixel()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var size = new SupernetOptions { Cells = 3, Channels = 4, PartialChannels = 2, Classes = 5 };
        var precision = new Precision(BinarizationScheme.Paper);
        using var whole = new Supernet(size, precision);
        using var half = new Supernet(size with { Stem = StemKind.Half }, precision);
        using var alpha = new ArchitectureParameters(false);
        var stem = whole.named_parameters().Single(named => named.name == "stem_weight").parameter;
        foreach (var (row, column) in Enumerable.Range(0, 9).Select(tap => (tap / 3, tap % 3)).Where(tap => tap != (1, 1)))
        {
            stem.select(3, column).select(2, row).zero_();
        }

        half.InheritWeights(whole);
        var images = randn(2, 3, 16, 16);
        var sparse = images.index(TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Slice(step: 2), TensorIndex.Slice(step: 2)).contiguous();

        Assert.Equal(0, (half.Logits(images, alpha) - whole.Logits(sparse, alpha)).abs().max().ToDouble(), 1e-5);
        Assert.Equal((4, 8), (size.SideMultiple, half.Options.SideMultiple));
    }

    [Fact]
    public void Logits_OfTheWrongChannels_SayWhatWasExpected()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork();

        var error = Assert.Throws<ShapeException>(() => tiny.Parent.Logits(randn(2, 1, 8, 8), tiny.Alpha));

        Assert.StartsWith("supernet input must have shape [*, 3, *, *], got [2, 1, 8, 8].", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_OfTenCells_ReduceAtAThirdAndTwoThirds()
    {
        using var scope = NewDisposeScope();
        using var network = new Supernet(new SupernetOptions { Cells = 10, Channels = 2, StemMultiplier = 1 }, Precision.Real);

        Assert.Equal("NNNRNNRNNN", string.Concat(network.Cells.Select(cell => cell.Kind.ToString()[0])));
    }

    [Fact]
    public void ParentAndChild_OfTheSameOptions_ShareEveryParameterName()
    {
        using var tiny = new TinyNetwork();

        var parent = tiny.Parent.named_parameters().Select(named => named.name).ToHashSet();
        var child = tiny.Child.named_parameters().Select(named => named.name).Where(name => !name.EndsWith("rho", StringComparison.Ordinal)).ToHashSet();

        Assert.Equal(parent, child);
    }

    [Fact]
    public void Logits_OfAOneHotArchitecture_DependOnTheChosenOperationsAlone()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork();
        using var _ = no_grad();
        foreach (var alpha in tiny.Alpha.All)
        {
            alpha.fill_(-1000);
            alpha.select(1, OperationNames.IndexOf(OperationNames.SepConv3)).fill_(1000);
        }

        var before = tiny.Parent.Logits(tiny.Images, tiny.Alpha);
        foreach (var cell in tiny.Parent.Cells)
        {
            foreach (var layer in cell.Instances(OperationNames.IndexOf(OperationNames.DilConv5)).SelectMany(op => op.Convolutions))
            {
                layer.Weight.mul_(3).add_(1);
            }
        }

        Assert.Equal(0, (tiny.Parent.Logits(tiny.Images, tiny.Alpha) - before).abs().max().ToDouble());
        foreach (var layer in tiny.Parent.Cells[0].Instances(OperationNames.IndexOf(OperationNames.SepConv3)).SelectMany(op => op.Convolutions))
        {
            layer.Weight.mul_(randn_like(layer.Weight));
        }

        Assert.True((tiny.Parent.Logits(tiny.Images, tiny.Alpha) - before).abs().max().ToDouble() > 1e-6);
    }

    [Fact]
    public void Convolutions_OfABinaryChild_SeeOnlySigns()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork(child: new Precision(BinarizationScheme.Paper, ScaleKind.MeanAbs));
        var layer = (BinaryConvolution)tiny.Child.Cells[0].Convolutions.First();

        var ratio = layer.EffectiveWeight() / layer.Beta();

        Assert.All(ratio.data<double>().ToArray(), value => Assert.Equal(1, Math.Abs(value), 1e-12));
        Assert.Equal(layer.Weight.abs().mean([1, 2, 3]).data<double>().ToArray(), layer.Beta().reshape(-1).data<double>().ToArray());
    }

    [Fact]
    public void MixingWeights_WithEdgeNormalization_AreSoftmaxTimesSoftmax()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork(options: new SupernetOptions { Cells = 1, Channels = 4, PartialChannels = 2, EdgeNormalization = true, Classes = 3 });
        var math = new DcpNas.SearchSpace.Algebra.ValueAlgebra(SignEstimator.BiReal);

        var weights = tiny.Alpha.Mix(math, leaf => leaf).Normal[1]; // node 3 has edges 2, 3, 4

        var p = tiny.Alpha.Alpha(CellKind.Normal).softmax(1);
        var edges = tiny.Alpha.EdgeWeights(CellKind.Normal)!.narrow(0, 2, 3).softmax(0);
        var expected = (p.narrow(0, 2, 3) * edges.unsqueeze(1)).narrow(1, 1, 7).reshape(-1);
        Assert.Equal(0, (expected - weights.Operations).abs().max().ToDouble(), 1e-15);
        Assert.Equal(0, (edges - weights.Edges!).abs().max().ToDouble(), 1e-15);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Logits_OfAPathWithAlpha_AreThoseOfTheNetwork_AndTheirGradientIsThatOfItsWeightsTimesThatOfTheirProbabilities(int partial, bool edges)
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyNetwork(options: new SupernetOptions { Cells = 3, Channels = 4, StemMultiplier = 2, Classes = 3, PartialChannels = partial, EdgeNormalization = edges });
        var path = Discretizer.Random(7);
        var share = edges ? 0.5 : 1;

        var logits = tiny.Parent.Logits(tiny.Images, tiny.Alpha, path);

        Assert.Equal(0, (logits - tiny.Parent.Logits(tiny.Images, path)).abs().max().ToDouble(), 1e-12);
        var all = tiny.Alpha.All;
        var gradients = Autograd.Grad([logits.square().sum()], [.. all]);
        foreach (var (kind, of, ofEdges) in new[] { (CellKind.Normal, 0, 2), (CellKind.Reduction, 1, 3) })
        {
            // By hand: the loss by central differences of each kept weight w, then dw/d alpha of w = p(operation), times p(edge) with edge normalisation.
            var p = tiny.Alpha.Alpha(kind).detach().softmax(1);
            var (expected, expectedEdges) = (zeros_like(p), zeros(CellTopology.EdgeCount, dtype: ScalarType.Float64));
            var nodes = (kind == CellKind.Normal ? path.Normal : path.Reduction).Nodes;
            for (var node = 0; node < nodes.Count; node++)
            {
                var (first, count) = (CellTopology.FirstEdge(node + 2), node + 2);
                var shares = edges ? tiny.Alpha.EdgeWeights(kind)!.detach().narrow(0, first, count).softmax(0) : ones(count, dtype: ScalarType.Float64);
                for (var k = 0; k < 2; k++)
                {
                    var (edge, column) = (first + nodes[node][k].Input, OperationNames.IndexOf(nodes[node][k].Operation));
                    var slope = Slope(kind, node, k, ofBypass: false);
                    expected[edge] += (OneHot(column, 8) - p[edge]) * p[edge][column] * shares[nodes[node][k].Input] * slope;
                    if (edges)
                    {
                        var total = (slope * p[edge][column]) + Slope(kind, node, k, ofBypass: true);
                        expectedEdges.narrow(0, first, count).add_((OneHot(nodes[node][k].Input, count) - shares) * shares[nodes[node][k].Input] * total);
                    }
                }
            }

            AssertClose(expected, gradients[of]);
            if (edges)
            {
                AssertClose(expectedEdges, gradients[ofEdges]);
            }
        }

        double Slope(CellKind kind, int node, int k, bool ofBypass)
        {
            const double Step = 1e-5;
            return (Loss(Step) - Loss(-Step)) / (2 * Step);

            double Loss(double change)
            {
                using var _ = no_grad();
                var math = new DcpNas.SearchSpace.Algebra.ValueAlgebra(SignEstimator.BiReal);
                NodeWeights<Tensor>[] Cell(CellKind of, CellGenotype cell) => [.. cell.Nodes.Select((kept, number) =>
                {
                    var selection = NodeSelection.Of(kept);
                    var (operations, others) = (full([2], share, dtype: ScalarType.Float64), full([2], share, dtype: ScalarType.Float64));
                    if (of == kind && number == node)
                    {
                        // Operations stand in the order of the genotype, by-passing channels in that of the inputs.
                        var at = ofBypass ? selection.Inputs.ToList().IndexOf(kept[k].Input) : k;
                        (ofBypass ? others : operations)[at] += change;
                    }

                    return new NodeWeights<Tensor>(selection, operations, edges ? others : null);
                })];
                return tiny.Parent.Apply(math, tiny.Images, new(Cell(CellKind.Normal, path.Normal), Cell(CellKind.Reduction, path.Reduction))).square().sum().ToDouble();
            }
        }

        static Tensor OneHot(int index, int count) => nn.functional.one_hot(tensor((long)index), count).to(ScalarType.Float64);

        static void AssertClose(Tensor expected, Tensor actual)
        {
            Assert.True(expected.norm().ToDouble() > 1e-6);
            Assert.True((expected - actual).norm().ToDouble() <= 1e-5 * expected.norm().ToDouble(), $"{expected.norm().ToDouble()} {(expected - actual).norm().ToDouble()}");
        }
    }
}
