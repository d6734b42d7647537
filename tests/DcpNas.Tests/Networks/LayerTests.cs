using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Networks.Graph;
using DcpNas.Networks.Layers;
using DcpNas.SearchSpace;
using DcpNas.Tests.Operators;
using static TorchSharp.torch;

namespace DcpNas.Tests.Networks;

/// <summary>Drop-path and the auxiliary head.</summary>
public class LayerTests
{
    [Fact]
    public void DropPath_OfManySamples_ZeroesThatShareAndKeepsTheMean()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        const double probability = 0.3;
        var value = ones(20_000, 2, 1, 3);

        var dropped = DropPath.Of(value, probability);

        var samples = dropped.flatten(1);
        Assert.True(samples.eq(samples.narrow(1, 0, 1)).all().item<bool>(), "A mask must be that of a whole sample.");
        var first = samples.select(1, 0);
        Assert.True(first.eq(0).logical_or((first - (1 / 0.7)).abs().lt(1e-6)).all().item<bool>());
        // Five standard deviations: sqrt(0.3 0.7 / 20000) = 0.0032.
        Assert.InRange(first.eq(0).to(ScalarType.Float64).mean().ToDouble(), probability - 0.016, probability + 0.016);
        Assert.InRange(first.mean().ToDouble(), 1 - 0.023, 1 + 0.023);
        Assert.Same(value, DropPath.Of(value, 0));
    }

    [Fact]
    public void DropPath_InACell_SparesIdentitiesAndDropsTheRest()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var stack = new NetworkGeometry { Channels = 4, Cells = 4, InputHeight = 8, InputWidth = 8, Stem = StemKind.Cifar, StemMultiplier = 1 };
        var geometry = stack.Plan();
        var images = Compare.ChannelsLast(randn(4, 4, 8, 8));

        Assert.True(IsSame("skip", geometry[0]));
        Assert.False(IsSame("avg", geometry[0]));
        Assert.False(IsSame("skip", geometry[1] with { PrevPrev = geometry[1].PrevPrev with { Channels = 4 }, Prev = geometry[1].Prev with { Channels = 4 } }));

        bool IsSame(string operation, CellGeometry place)
        {
            var reader = new ModuleReader();
            var (prevPrev, prev) = (reader.Input(4), reader.Input(4));
            using var layers = new ModuleGroup("cell", []);
            var cell = reader.Build(layers, [new CellNetwork(Same(operation), stack, Precision.Real).Cell(reader, place, prevPrev, prev)]);
            return cell.Run([images, images], 0)[0].eq(cell.Run([images, images], 0.9)[0]).all().item<bool>();
        }

        static Genotype Same(string operation) =>
            Genotype.Parse(string.Join(" | ", ((string[])["normal", "reduction"]).Select(kind =>
                $"{kind}: {string.Join(' ', Enumerable.Range(2, 4).Select(node => $"n{node}[{operation}<-0, {operation}<-1]"))}")));
    }

    [Theory]
    [InlineData(StemKind.Cifar, 8, true)]
    [InlineData(StemKind.Cifar, 12, false)]
    [InlineData(StemKind.ImageNet, 7, true)]
    public void AuxiliaryHead_EqualsTheLayersOfDarts(StemKind stem, int size, bool training)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        using var head = new AuxiliaryHead(6, stem, 5);
        head.train(training);
        var state = head.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());
        var map = randn(3, 6, size, size);

        var actual = head.Apply(map);

        var value = nn.functional.avg_pool2d(map.relu(), 5, stem == StemKind.Cifar ? 3 : 2, count_include_pad: false);
        value = Norm(nn.functional.conv2d(value, state["first.convolution.weight"]), "first.norm").relu();
        value = nn.functional.conv2d(value, state["second"]);
        value = (stem == StemKind.Cifar ? Norm(value, "second_norm") : value).relu();
        var expected = value.mean([2, 3]).matmul(state["classifier.weight"].t()) + state["classifier.bias"];
        Compare.Close(expected.to(ScalarType.Float64), actual, 1e-4, "logits");
        Assert.Equal([3, 5], actual.shape);
        Assert.Equal(stem == StemKind.Cifar, state.ContainsKey("second_norm.weight"));

        Tensor Norm(Tensor x, string path) => nn.functional.batch_norm(
            x, state[$"{path}.running_mean"], state[$"{path}.running_var"], state[$"{path}.weight"], state[$"{path}.bias"], training, 0.1, 1e-5);
    }

    [Fact]
    public void AuxiliaryHead_OfASmallMap_SaysHowLargeItMustBe()
    {
        using var scope = NewDisposeScope();
        using var head = new AuxiliaryHead(6, StemKind.Cifar, 5);

        var error = Assert.Throws<ArgumentException>(() => head.Apply(zeros(1, 6, 4, 8)));

        Assert.StartsWith("auxiliary map must be at least 8x8, got 4x8.", error.Message, StringComparison.Ordinal);
    }
}
