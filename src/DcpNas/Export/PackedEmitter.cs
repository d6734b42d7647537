using DcpNas.Runtime.Model;

namespace DcpNas.Export;

/// <summary>Writes a network as a graph of the packed runtime.</summary>
internal sealed class PackedEmitter : INetworkEmitter<GraphValue>
{
    private readonly GraphBuilder _builder;

    /// <param name="builder">Takes the nodes.</param>
    public PackedEmitter(GraphBuilder builder) => _builder = builder;

    public GraphValue Image => _builder.Image;

    public GraphValue Signs(string name, GraphValue input, ChannelNorm? norm, float[]? shift)
    {
        var (thresholds, rules) = ThresholdFolding.OfReals(
            input.Shape.Channels, channel => norm?.Scale(channel) ?? 1, channel => norm?.Shift(channel) ?? shift?[channel] ?? 0);
        return _builder.Sign(name, input, thresholds, rules);
    }

    public GraphValue Normalize(string name, GraphValue input, ChannelNorm norm) =>
        _builder.Affine(name, input, PerChannel(norm, norm.Scale), PerChannel(norm, norm.Shift));

    public GraphValue Convolve(string name, GraphValue input, Filter filter, ChannelNorm norm, FusedEpilogue<GraphValue> ending)
    {
        if (filter.Beta is not null)
        {
            return Finish(name, Sums(input, filter), filter.Beta, norm, ending);
        }

        var isPlain = ending.Shortcut is null && ending.Slope is null && ending.Shift is null;
        if (!isPlain || filter.Shape.Depthwise)
        {
            throw new InvalidOperationException($"Bug in DcpNas: {filter.Name} has real weights where a packed network has 1-bit ones.");
        }

        var scaled = new float[filter.Weight.Length];
        for (var i = 0; i < scaled.Length; i++)
        {
            scaled[i] = (float)(filter.Weight[i] * norm.Scale(i / filter.Terms));
        }

        return _builder.Convolution(name, input, scaled, PerChannel(norm, norm.Shift), GeometryOf(filter), relu: ending.Relu);
    }

    public GraphValue ConvolveToSigns(string name, GraphValue input, Filter filter, ChannelNorm norm, float[] slope)
    {
        if (input.Shape.Kind == ValueKind.Bits)
        {
            var (thresholds, rules) = ThresholdFolding.OfSums(filter, norm, slope);
            return _builder.BinaryConvolution(filter.Name, input, SignsOf(filter), GeometryOf(filter), thresholds, rules);
        }

        var (limits, sides) = ThresholdFolding.OfReals(norm.Channels, channel => filter.Beta![channel] * norm.Scale(channel), norm.Shift, slope);
        return _builder.Sign(name, Sums(input, filter), limits, sides);
    }

    public GraphValue Reduce(string name, GraphValue input, Filter even, Filter odd, ChannelNorm norm, float[]? slope)
    {
        var sums = _builder.Concat($"{name}.sums", Sums(input, even), Sums(input, odd, ConvolutionGeometry.Halving(1, start: 1, input.Shape.Height, input.Shape.Width)));
        return Finish(name, sums, [.. even.Beta!, .. odd.Beta!], norm, new() { Slope = slope });
    }

    public GraphValue Pool(string name, GraphValue input, bool maximum, int stride) =>
        maximum ? _builder.MaxPool(name, input, 3, stride, 1) : _builder.AveragePool(name, input, 3, stride, 1);

    public GraphValue Halve(string name, GraphValue input)
    {
        var taps = ConvolutionGeometry.Halving(2, start: 0, input.Shape.Height, input.Shape.Width);
        return _builder.AveragePool(name, input, taps.Kernel, taps.Stride, taps.Padding, taps.Offset);
    }

    public GraphValue Add(string name, GraphValue left, GraphValue right) => _builder.Add(name, left, right);

    public GraphValue Concat(string name, IReadOnlyList<GraphValue> inputs) => _builder.Concat(name, [.. inputs]);

    public GraphValue Relu(string name, GraphValue input) => _builder.Relu(name, input);

    public GraphValue Clip(string name, GraphValue input) => throw new InvalidOperationException($"Bug in DcpNas: {name} clips, which no packed network does.");

    public void Classify(GraphValue map, float[] weight, float[] bias)
    {
        var features = _builder.GlobalAverage(PackedExporter.Features, map);
        _builder.Output(GraphOutput.Embedding, features);
        _builder.Output(GraphOutput.Logits, _builder.Linear(PackedExporter.Head, features, weight, bias));
    }

    public void Embed(GraphValue map, ChannelNorm neck)
    {
        var features = _builder.GlobalAverage(PackedExporter.Features, map);
        _builder.Output(GraphOutput.Embedding, Normalize(PackedExporter.Neck, features, neck));
    }

    public GraphValue Predict(string name, GraphValue input, Filter filter, float[] bias) => _builder.Convolution(name, input, filter.Weight, bias, GeometryOf(filter));

    public void Detect(IReadOnlyList<GraphValue> scores, IReadOnlyList<GraphValue> codes, int numbers)
    {
        for (var level = 0; level < scores.Count; level++)
        {
            _builder.Output(DetectorExporter.Scores(level), scores[level]);
            _builder.Output(DetectorExporter.Codes(level), codes[level]);
        }
    }

    /// <summary>The factor 1 of reals, or whole numbers, that <see cref="Finish"/> scales.</summary>
    private GraphValue Sums(GraphValue input, Filter filter, ConvolutionGeometry? geometry = null) => input.Shape.Kind == ValueKind.Bits
        ? _builder.BinaryConvolution(filter.Name, input, SignsOf(filter), geometry ?? GeometryOf(filter))
        : _builder.SignWeightConvolution(filter.Name, input, SignsOf(filter), geometry ?? GeometryOf(filter));

    private GraphValue Finish(string name, GraphValue sums, float[] beta, ChannelNorm norm, FusedEpilogue<GraphValue> ending) => _builder.Affine(
        name, sums, PerChannel(norm, channel => beta[channel] * norm.Scale(channel)), PerChannel(norm, norm.Shift), ending.Shortcut, ending.Slope, ending.Shift);

    private static float[] PerChannel(ChannelNorm norm, Func<int, double> number) => [.. Enumerable.Range(0, norm.Channels).Select(channel => (float)number(channel))];

    private static SignWeights SignsOf(Filter filter) => filter.Shape.Depthwise
        ? SignWeights.PackDepthwise(filter.Weight, filter.Shape.OutChannels, filter.Shape.Kernel)
        : SignWeights.PackDense(filter.Weight, filter.Shape.OutChannels, filter.Shape.InChannels, filter.Shape.Kernel);

    private static ConvolutionGeometry GeometryOf(Filter filter) => ConvolutionGeometry.Same(filter.Shape.Kernel, filter.Shape.Stride, filter.Shape.Dilation);
}
