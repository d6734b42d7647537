using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests.Model;

public class GraphBuilderTests
{
    private readonly GraphBuilder _graph = new(9, 12, 3);
    private readonly Draw _draw = new(1);

    [Theory]
    [InlineData(3, 1, 1, 1, 0, 9, 12)]
    [InlineData(3, 2, 1, 1, 0, 5, 6)]
    [InlineData(7, 2, 3, 1, 0, 5, 6)]
    [InlineData(5, 2, 4, 2, 0, 5, 6)]
    [InlineData(3, 1, 0, 2, 0, 5, 8)]
    [InlineData(1, 2, 0, 1, 0, 5, 6)]
    [InlineData(1, 2, 0, 1, 1, 4, 6)]
    [InlineData(1, 2, 1, 1, 2, 5, 6)]
    [InlineData(9, 1, 0, 1, 0, 1, 4)]
    [InlineData(2, 3, 2, 1, 0, 4, 5)]
    public void Convolution_InfersItsSize(int kernel, int stride, int padding, int dilation, int offset, int height, int width)
    {
        var geometry = new ConvolutionGeometry(kernel, stride, padding, dilation, offset);
        var value = _graph.Convolution("c", _graph.Image, _draw.Reals(4 * 3 * kernel * kernel), [], geometry);
        var bits = _graph.Sign("s", _graph.Image, _draw.Reals(3), _draw.Rules(3));
        var sums = _graph.BinaryConvolution("b", bits, SignWeights.PackDense(_draw.Reals(4 * 3 * kernel * kernel), 4, 3, kernel), geometry);

        Assert.Equal(new ValueShape(ValueKind.Real, height, width, 4), value.Shape);
        Assert.Equal(new ValueShape(ValueKind.Sums, height, width, 4, 3 * kernel * kernel), sums.Shape);
    }

    [Fact]
    public void FactorizedReduce_OnAnEvenMap_GivesBothHalves()
    {
        var graph = new GraphBuilder(8, 6, 3);
        var bits = graph.Sign("s", graph.Image, _draw.Reals(3), _draw.Rules(3));
        var sums = graph.FactorizedReduce("r", bits, SignWeights.PackDense(_draw.Reals(9), 3, 3, 1), SignWeights.PackDense(_draw.Reals(6), 2, 3, 1));

        Assert.Equal(new ValueShape(ValueKind.Sums, 4, 3, 5, 3), sums.Shape);
        Assert.Equal(["image", "s", "r.even", "r.odd", "r"], graph.Values.Select(value => value.Name));
    }

    [Fact]
    public void FactorizedReduce_OnAnOddMap_RoundsUpAndReadsNothingBeyondTheBorder()
    {
        var graph = new GraphBuilder(3, 4, 1);
        var bits = graph.Sign("s", graph.Image, [0f], [ThresholdRule.Below]);
        var plus = SignWeights.PackDense([1f], 1, 1, 1);
        var sums = graph.FactorizedReduce("r", bits, plus, plus);
        graph.Output("out", graph.Affine("a", sums, [1f, 1f], [0f, 0f]));
        using var runner = new PackedRunner(graph.Build(new ModelInfo { Producer = "test" }));

        runner.Run([1f, 1, 1, 1, 1, 1, 1, -1, 1, 1, -1, 1]);

        Assert.Equal(new ValueShape(ValueKind.Sums, 2, 2, 2, 1), sums.Shape);
        Assert.Equal([1f, 1, 1, -1, 1, 0, -1, 0], runner.Output("out").ToArray()); // even pixels, odd pixels; of the third row there are no odd ones
    }

    [Theory]
    [InlineData(5, 6)]
    [InlineData(6, 5)]
    [InlineData(6, 6)]
    [InlineData(1, 7)]
    public void Halving_OfAnySize_RoundsUp(int height, int width)
    {
        var graph = new GraphBuilder(height, width, 3);
        var taps = ConvolutionGeometry.Halving(2, start: 0, height, width);
        Assert.Equal(new ValueShape(ValueKind.Real, (height + 1) / 2, (width + 1) / 2, 3), graph.AveragePool("h", graph.Image, taps.Kernel, taps.Stride, taps.Padding, taps.Offset).Shape);
    }

    public static TheoryData<string, string> Faults() => new()
    {
        { "thresholds", "Node 'x' must have 3 elements in threshold, got 2." },
        { "kind", "Node 'x' must have an input of bits, got real 9x12x3." },
        { "channels", "Node 'x' must have an input of 4 channels, got 3." },
        { "weight", "Weight of node 'x' must have a multiple of 3 x 9 elements for 3 input channels, got 28." },
        { "depthwise weight", "Weight of node 'x' must have a multiple of 1 x 9 elements for 3 input channels, got 54." },
        { "bias", "Node 'x' must have 2 elements in bias, got 3." },
        { "linear", "Node 'x' must have an input of one pixel, got real 9x12x3." },
        { "linear weight", "Node 'x' must have 6 elements in weight, got 7." },
        { "shortcut", "Node 'x' must have a shortcut of real 9x12x3, got real 1x1x3." },
        { "name", "Node 'a/b' must have a name of the characters A-Z a-z 0-9 . _ -, got 'a/b'." },
        { "twice", "Node 'twin' must have a name of its own, got one that is taken." },
        { "add", "Node 'x' must have 2 to 1024 inputs, got 1." },
        { "infinite", "Node 'x' must have finite numbers in scale, got Infinity." },
        { "other builder", "Value 'image' must belong to this builder, got one of another." },
        { "padding", "Node 'x' must have padding from 0 to 1, got 2." },
        { "kernel", "Node 'x' must have kernel 1, got 3." },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Node_ThatDoesNotFit_SaysWhatMustBe(string fault, string message)
    {
        var bits = _graph.Sign("bits", _graph.Image, _draw.Reals(3), _draw.Rules(3));
        var pooled = _graph.GlobalAverage("pooled", _graph.Image);
        _graph.Relu("twin", _graph.Image);
        var before = _graph.Values.Count();
        Action add = fault switch
        {
            "thresholds" => () => _graph.Sign("x", _graph.Image, _draw.Reals(2), _draw.Rules(3)),
            "kind" => () => _graph.BinaryConvolution("x", _graph.Image, SignWeights.PackDense(_draw.Reals(3), 1, 3, 1), ConvolutionGeometry.Pointwise),
            "channels" => () => _graph.BinaryConvolution("x", bits, SignWeights.PackDense(_draw.Reals(4), 1, 4, 1), ConvolutionGeometry.Pointwise),
            "weight" => () => _graph.Convolution("x", _graph.Image, _draw.Reals(28), [], ConvolutionGeometry.Same(3)),
            "depthwise weight" => () => _graph.Convolution("x", _graph.Image, _draw.Reals(54), [], ConvolutionGeometry.Same(3), depthwise: true),
            "bias" => () => _graph.Convolution("x", _graph.Image, _draw.Reals(54), _draw.Reals(3), ConvolutionGeometry.Same(3)),
            "linear" => () => _graph.Linear("x", _graph.Image, _draw.Reals(6), []),
            "linear weight" => () => _graph.Linear("x", pooled, _draw.Reals(7), []),
            "shortcut" => () => _graph.Affine("x", _graph.Image, _draw.Reals(3), _draw.Reals(3), shortcut: pooled),
            "name" => () => _graph.Relu("a/b", _graph.Image),
            "twice" => () => _graph.Relu("twin", _graph.Image),
            "add" => () => _graph.Add("x", _graph.Image),
            "infinite" => () => _graph.Affine("x", _graph.Image, [1, float.PositiveInfinity, 1], _draw.Reals(3)),
            "other builder" => () => _graph.Relu("x", new GraphBuilder(9, 12, 3).Image),
            "padding" => () => _graph.MaxPool("x", _graph.Image, 3, 1, 2),
            _ => () => _graph.BinaryConvolution("x", bits, SignWeights.PackDense(_draw.Reals(3), 1, 3, 1), ConvolutionGeometry.Same(3)),
        };

        Assert.StartsWith(message, Assert.Throws<ArgumentException>(add).Message, StringComparison.Ordinal);
        Assert.Equal(before, _graph.Values.Count()); // what was refused is not in the graph
    }

    [Fact]
    public void Build_WithoutOutput_IsRefused() => Assert.StartsWith(
        "The graph must have outputs from 1 to 1024, got 0.",
        Assert.Throws<ArgumentException>(() => _graph.Build(new ModelInfo { Producer = "test" })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Build_WithAValueThatNobodyReads_IsRefused()
    {
        _graph.Output("out", _graph.Relu("used", _graph.Image));
        _graph.Relu("unused", _graph.Image);

        Assert.StartsWith(
            "Node 'unused' must have a reader or an output of its value, got neither.",
            Assert.Throws<ArgumentException>(() => _graph.Build(new ModelInfo { Producer = "test" })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Convolution_CopiesItsWeights()
    {
        var weight = _draw.Reals(3);
        _graph.Output("out", _graph.Convolution("c", _graph.Image, weight, [], ConvolutionGeometry.Pointwise));
        var model = _graph.Build(new ModelInfo { Producer = "test" });
        var before = SampleModels.Bytes(model);
        Array.Clear(weight);

        Assert.Equal(before, SampleModels.Bytes(model));
    }
}
