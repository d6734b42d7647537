using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks.Graph;
using DcpNas.Networks.Layers;
using DcpNas.Tests.Operators;
using static TorchSharp.torch;

namespace DcpNas.Tests.Networks;

/// <summary>Trainable layers made of a graph: their order, their names, and what a program frees. That values are right: <see cref="BackboneTests"/>.</summary>
public class ModuleReaderTests
{
    private static readonly ConvolutionShape Shape = ConvolutionShape.OfPointwise(2, 2);

    [Fact]
    public void Build_WithGroups_OrdersParametersAndFirstWeightsByThem()
    {
        using var scope = NewDisposeScope();
        var (inOrder, first) = Built("second.0", "first.0", "second.1");
        var (grouped, same) = Built("second.0", "first.0", "second.1", "first", "second");

        Assert.Equal(["second.0.convolution.weight", "second.1.convolution.weight", "first.0.convolution.weight"], inOrder);
        Assert.Equal(["first.0.convolution.weight", "second.0.convolution.weight", "second.1.convolution.weight"], grouped);
        Assert.Equal(first, same);
    }

    [Fact]
    public void Build_WithALayerTwice_NamesIt()
    {
        using var owner = new ModuleGroup("owner", []);
        var reader = new ModuleReader();
        var value = NetworkUnits.Real(reader, "stem", reader.Input(2), Shape, CostGroup.Stem);

        var error = Assert.Throws<InvalidOperationException>(() => NetworkUnits.Real(reader, "stem", value, Shape, CostGroup.Stem));

        Assert.Equal("Bug in DcpNas: two layers are called 'convolution'.", error.Message);
    }

    [Fact]
    public void Run_FreesEveryValueButInputsAndOutputs()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var owner = new ModuleGroup("owner", []);
        var reader = new ModuleReader();
        var input = reader.Input(2);
        var inner = NetworkUnits.Real(reader, "inner", input, Shape, CostGroup.Stem);
        var relu = reader.Relu("relu", inner);
        var sum = reader.Add("sum", new(inner, false), new(relu, false));
        var unread = reader.Relu("unread", relu);
        var program = reader.Build(owner, [sum, sum]);
        var images = randn(1, 2, 3, 3);
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        var outputs = program.Run([images]);

        Assert.Same(outputs[0], outputs[1]);
        Assert.Equal(before + 1, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal([1, 2, 3, 3], images.shape);
        // Each value behind its last reader: nothing of a map is kept until the end.
        Assert.Equal(
            [(inner, sum), (relu, unread), (unread, unread)],
            program.Steps.SelectMany(step => step.Done.Select(value => (Of(value), Of(step.Output)))).OrderBy(pair => pair.Item1.Number));

        ModuleValue Of(int number) => ((ModuleValue[])[inner, relu, sum, unread]).Single(value => value.Number == number);
    }

    /// <summary>The names of the parameters of units that run in an order, and the first weight that was drawn.</summary>
    private static (string[] Names, float First) Built(string first, string second, string third, params string[] groups)
    {
        random.manual_seed(3);
        using var owner = new ModuleGroup("owner", []);
        var reader = new ModuleReader();
        var value = reader.Input(2);
        foreach (var name in (string[])[first, second, third])
        {
            value = NetworkUnits.Real(reader, name, value, Shape, CostGroup.Stem);
        }

        reader.Build(owner, [value], groups);
        var weights = owner.named_parameters().Where(named => named.name.EndsWith("convolution.weight", StringComparison.Ordinal)).ToArray();
        return ([.. weights.Select(named => named.name)], weights[0].parameter.flatten()[0].item<float>());
    }
}
