namespace DcpNas.Runtime.Model;

/// <content>One method per kind of node.</content>
public sealed partial class GraphBuilder
{
    /// <summary>A real convolution, batch normalisation folded in: <see cref="ConvolutionNode"/>.</summary>
    /// <param name="name">The node.</param>
    /// <param name="input">Real.</param>
    /// <param name="weight"><c>[out][in][ky][kx]</c>; depthwise <c>[channels][1][ky][kx]</c>.</param>
    /// <param name="bias">One per output channel; empty for none.</param>
    /// <param name="geometry">Where the taps lie.</param>
    /// <param name="depthwise">Whether each channel has its own filter.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    public GraphValue Convolution(
        string name, GraphValue input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, ConvolutionGeometry geometry, bool depthwise = false, bool relu = false)
    {
        var source = NameOf(input);
        var (channels, taps) = (input.Shape.Channels, geometry.Taps);
        var filters = taps > 0 ? weight.Length / taps : 0;
        var outputs = depthwise ? channels : filters / channels;
        if (taps <= 0 || outputs == 0 || weight.Length != (long)outputs * (depthwise ? 1 : channels) * taps)
        {
            throw new ArgumentException(
                $"Weight of node '{name}' must have a multiple of {(depthwise ? 1 : channels)} x {taps} elements for {channels} input channels, got {weight.Length}.", nameof(weight));
        }

        var ordered = new float[weight.Length];
        for (var i = 0; i < weight.Length; i++)
        {
            var (filter, tap) = (i / taps, i % taps);
            var place = depthwise ? (tap * channels) + filter : ((((filter / channels) * taps) + tap) * channels) + (filter % channels);
            ordered[place] = weight[i];
        }

        int[] shape = depthwise ? [geometry.Kernel, geometry.Kernel, channels] : [outputs, geometry.Kernel, geometry.Kernel, channels];
        return Add(new ConvolutionNode(name, source, ordered, shape, OrNull(bias), geometry, depthwise, relu));
    }

    /// <summary>Signs of reals by per-channel thresholds: <see cref="SignNode"/>. <see cref="Thresholds.OfAffine"/> makes the thresholds.</summary>
    /// <param name="name">The node.</param>
    /// <param name="input">Real.</param>
    /// <param name="thresholds">One per channel.</param>
    /// <param name="rules">One per channel.</param>
    public GraphValue Sign(string name, GraphValue input, ReadOnlySpan<float> thresholds, ReadOnlySpan<ThresholdRule> rules) =>
        Add(new SignNode(name, NameOf(input), thresholds.ToArray(), rules.ToArray()));

    /// <summary>A 1-bit convolution that gives its sums: <see cref="BinaryConvolutionNode"/>.</summary>
    /// <param name="name">The node.</param>
    /// <param name="input">Bits.</param>
    /// <param name="weights">The signs of the weights.</param>
    /// <param name="geometry">Where the taps lie.</param>
    public GraphValue BinaryConvolution(string name, GraphValue input, SignWeights weights, ConvolutionGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Add(new BinaryConvolutionNode(name, NameOf(input), weights, geometry, null, null));
    }

    /// <summary>A 1-bit convolution that compares its sums and gives bits. <see cref="Thresholds.OfSums"/> makes the thresholds.</summary>
    /// <param name="name">The node.</param>
    /// <param name="input">Bits.</param>
    /// <param name="weights">The signs of the weights.</param>
    /// <param name="geometry">Where the taps lie.</param>
    /// <param name="thresholds">One per output channel.</param>
    /// <param name="rules">One per output channel.</param>
    public GraphValue BinaryConvolution(
        string name, GraphValue input, SignWeights weights, ConvolutionGeometry geometry, ReadOnlySpan<int> thresholds, ReadOnlySpan<ThresholdRule> rules)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Add(new BinaryConvolutionNode(name, NameOf(input), weights, geometry, thresholds.ToArray(), rules.ToArray()));
    }

    /// <summary>A factorised reduce: two 1-bit 1x1 convolutions of stride 2, the second one pixel further, their sums side by side. Adds <c>name.even</c>, <c>name.odd</c>, <c>name</c>.</summary>
    /// <param name="name">The node of the result.</param>
    /// <param name="input">Bits; odd sizes are rounded up, the second convolution then having no pixel there.</param>
    /// <param name="even">Dense 1x1 weights of the first half of the output channels.</param>
    /// <param name="odd">Dense 1x1 weights of the second half.</param>
    public GraphValue FactorizedReduce(string name, GraphValue input, SignWeights even, SignWeights odd)
    {
        ArgumentNullException.ThrowIfNull(input);
        var first = BinaryConvolution($"{name}.even", input, even, new ConvolutionGeometry(1, Stride: 2));
        return Concat(name, first, BinaryConvolution($"{name}.odd", input, odd, ConvolutionGeometry.Halving(1, start: 1, input.Shape.Height, input.Shape.Width)));
    }

    /// <summary>1-bit weights on real activations: <see cref="SignWeightConvolutionNode"/>.</summary>
    /// <param name="name">The node.</param>
    /// <param name="input">Real.</param>
    /// <param name="weights">The signs of the weights.</param>
    /// <param name="geometry">Where the taps lie.</param>
    public GraphValue SignWeightConvolution(string name, GraphValue input, SignWeights weights, ConvolutionGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Add(new SignWeightConvolutionNode(name, NameOf(input), weights, geometry));
    }

    /// <summary>Scale, bias, shortcut, PReLU and shift per channel: <see cref="AffineNode"/>.</summary>
    /// <param name="name">The node.</param>
    /// <param name="input">Real or sums.</param>
    /// <param name="scale">One per channel.</param>
    /// <param name="bias">One per channel.</param>
    /// <param name="shortcut">Real, of the same size, or null.</param>
    /// <param name="slope">One per channel for a PReLU; empty for none.</param>
    /// <param name="shift">One per channel, added last; empty for none.</param>
    public GraphValue Affine(
        string name,
        GraphValue input,
        ReadOnlySpan<float> scale,
        ReadOnlySpan<float> bias,
        GraphValue? shortcut = null,
        ReadOnlySpan<float> slope = default,
        ReadOnlySpan<float> shift = default)
    {
        string[] inputs = shortcut is null ? [NameOf(input)] : [NameOf(input), NameOf(shortcut)];
        return Add(new AffineNode(name, inputs, scale.ToArray(), bias.ToArray(), OrNull(slope), OrNull(shift)));
    }

    /// <summary>The maximum of a window: <see cref="PoolNode"/>.</summary>
    /// <param name="name">The node.</param>
    /// <param name="input">Real.</param>
    /// <param name="kernel">Side of the window.</param>
    /// <param name="stride">Step between windows.</param>
    /// <param name="padding">Pixels by which a window may leave the image, at most half the kernel.</param>
    /// <param name="offset">Rows and columns dropped from the top and the left.</param>
    public GraphValue MaxPool(string name, GraphValue input, int kernel, int stride, int padding, int offset = 0) =>
        Add(new PoolNode(name, NameOf(input), maximum: true, kernel, stride, padding, offset));

    /// <summary>The mean of a window over the pixels in the image: <see cref="PoolNode"/>.</summary>
    /// <param name="name">The node.</param>
    /// <param name="input">Real.</param>
    /// <param name="kernel">Side of the window.</param>
    /// <param name="stride">Step between windows.</param>
    /// <param name="padding">Pixels by which a window may leave the image, at most half the kernel.</param>
    /// <param name="offset">Rows and columns dropped from the top and the left.</param>
    public GraphValue AveragePool(string name, GraphValue input, int kernel, int stride, int padding, int offset = 0) =>
        Add(new PoolNode(name, NameOf(input), maximum: false, kernel, stride, padding, offset));

    /// <summary>The sum of real maps: <see cref="AddNode"/>.</summary>
    /// <param name="name">The node.</param>
    /// <param name="inputs">Two or more, of one shape.</param>
    public GraphValue Add(string name, params ReadOnlySpan<GraphValue> inputs) => Add(new AddNode(name, NamesOf(inputs)));

    /// <summary>The channels of several maps, one after the other: <see cref="ConcatNode"/>.</summary>
    /// <param name="name">The node.</param>
    /// <param name="inputs">Two or more, of one kind, height and width.</param>
    public GraphValue Concat(string name, params ReadOnlySpan<GraphValue> inputs) => Add(new ConcatNode(name, NamesOf(inputs)));

    /// <summary><c>max(x, 0)</c>: <see cref="ReluNode"/>.</summary>
    /// <param name="name">The node.</param>
    /// <param name="input">Real.</param>
    public GraphValue Relu(string name, GraphValue input) => Add(new ReluNode(name, NameOf(input)));

    /// <summary>The mean of each channel: <see cref="GlobalAverageNode"/>.</summary>
    /// <param name="name">The node.</param>
    /// <param name="input">Real.</param>
    public GraphValue GlobalAverage(string name, GraphValue input) => Add(new GlobalAverageNode(name, NameOf(input)));

    /// <summary>A fully connected layer: <see cref="LinearNode"/>.</summary>
    /// <param name="name">The node.</param>
    /// <param name="input">Real, one pixel.</param>
    /// <param name="weight"><c>[out][in]</c>.</param>
    /// <param name="bias">One per output; empty for none.</param>
    public GraphValue Linear(string name, GraphValue input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        var source = NameOf(input);
        var channels = input.Shape.Channels;
        return Add(new LinearNode(name, source, weight.ToArray(), [weight.Length / channels, channels], OrNull(bias)));
    }

    /// <summary>Another name for a value: <see cref="IdentityNode"/>.</summary>
    /// <param name="name">The node.</param>
    /// <param name="input">Any kind.</param>
    public GraphValue Identity(string name, GraphValue input) => Add(new IdentityNode(name, NameOf(input)));

    private static ReadOnlyMemory<float>? OrNull(ReadOnlySpan<float> values) => values.IsEmpty ? default(ReadOnlyMemory<float>?) : values.ToArray();

    private string[] NamesOf(ReadOnlySpan<GraphValue> values)
    {
        var names = new string[values.Length];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = NameOf(values[i]);
        }

        return names;
    }
}
