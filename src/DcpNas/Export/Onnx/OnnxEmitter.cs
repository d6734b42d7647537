using DcpNas.Operators;

namespace DcpNas.Export.Onnx;

/// <summary>Writes a network as an ONNX graph of standard operators in float32.</summary>
/// <remarks>
/// Nothing is folded: a 1-bit convolution is a Conv of ±1 weights, whose sums are exact in float32, then Mul by beta, then BatchNormalization. The standard's Sign
/// gives 0 at 0; <c>Sign(Sign(x) + 0.5)</c> gives +1 there.
/// </remarks>
internal sealed class OnnxEmitter(OnnxGraph graph, OnnxValue image) : INetworkEmitter<OnnxValue>
{
    public const string Logits = "logits", Embedding = "embedding", Scores = "scores", Codes = "codes";

    public OnnxValue Image => image;

    public OnnxValue Signs(string name, OnnxValue input, ChannelNorm? norm, float[]? shift)
    {
        var value = norm is null ? input : Normalize($"{name}.norm", input, norm);
        value = shift is null ? value : value with { Name = AddPerChannel($"{name}.shifted", value, shift) };
        return Signs(name, value);
    }

    public OnnxValue Normalize(string name, OnnxValue input, ChannelNorm norm) => input with
    {
        Name = graph.Add(
            "BatchNormalization",
            name,
            [
                input.Name,
                graph.Weight($"{name}.weight", norm.Weight, norm.Channels),
                graph.Weight($"{name}.bias", norm.Bias, norm.Channels),
                graph.Weight($"{name}.mean", norm.Mean, norm.Channels),
                graph.Weight($"{name}.variance", norm.Variance, norm.Channels),
            ],
            ("epsilon", (float)Normalization.Epsilon)),
    };

    public OnnxValue Convolve(string name, OnnxValue input, Filter filter, ChannelNorm norm, FusedEpilogue<OnnxValue> ending) => Finish(name, Sums(input, filter), norm, ending);

    public OnnxValue ConvolveToSigns(string name, OnnxValue input, Filter filter, ChannelNorm norm, float[] slope) =>
        Signs($"{name}.signs", Finish(name, Sums(input, filter), norm, new() { Slope = slope }));

    public OnnxValue Reduce(string name, OnnxValue input, Filter even, Filter odd, ChannelNorm norm, float[]? slope)
    {
        // The pixels (1, 1), (1, 3), ...: without the first row and column; where a size is odd, a pixel of zeros beyond the border.
        var numbers = graph.Numbers("one", 1, 1);
        var shifted = new OnnxValue(
            graph.Add("Slice", $"{name}.shifted", [input.Name, numbers, graph.Numbers("end", int.MaxValue, int.MaxValue), graph.Numbers("sides", 2, 3)]),
            input.Channels,
            input.Height - 1,
            input.Width - 1);
        var sums = Concat($"{name}.sums", [Sums(input, even), Sums(shifted, odd, [0, 0, input.Height % 2, input.Width % 2])]);
        return Finish(name, sums, norm, new() { Slope = slope });
    }

    public OnnxValue Pool(string name, OnnxValue input, bool maximum, int stride) => maximum
        ? Window("MaxPool", name, input, 3, stride, [1, 1, 1, 1])
        : Window("AveragePool", name, input, 3, stride, [1, 1, 1, 1], ("count_include_pad", 0));

    public OnnxValue Halve(string name, OnnxValue input) =>
        Window("AveragePool", name, input, 2, 2, [0, 0, input.Height % 2, input.Width % 2], ("count_include_pad", 0));

    public OnnxValue Add(string name, OnnxValue left, OnnxValue right) => left with { Name = graph.Add("Add", name, [left.Name, right.Name]) };

    public OnnxValue Concat(string name, IReadOnlyList<OnnxValue> inputs) =>
        inputs[0] with { Name = graph.Add("Concat", name, inputs.Select(input => input.Name), ("axis", 1)), Channels = inputs.Sum(input => input.Channels) };

    public OnnxValue Relu(string name, OnnxValue input) => input with { Name = graph.Add("Relu", name, [input.Name]) };

    public OnnxValue Clip(string name, OnnxValue input) =>
        input with { Name = graph.Add("Clip", name, [input.Name, graph.Weight("minus_one", [-1f]), graph.Weight("plus_one", [1f])]) };

    public void Classify(OnnxValue map, float[] weight, float[] bias)
    {
        var pooled = graph.Add("GlobalAveragePool", "features", [map.Name]);
        var vector = graph.Add("Flatten", "vector", [pooled], ("axis", 1));
        graph.Add("Gemm", Logits, [vector, graph.Weight("head.weight", weight, bias.Length, map.Channels), graph.Weight("head.bias", bias, bias.Length)], ("transB", 1));
        graph.Graph.Output.Add(OnnxGraph.Describe(Logits, null, bias.Length));
    }

    public void Embed(OnnxValue map, ChannelNorm neck)
    {
        var pooled = map with { Name = graph.Add("GlobalAveragePool", "features", [map.Name]), Height = 1, Width = 1 };
        graph.Add("Flatten", Embedding, [Normalize("neck", pooled, neck).Name], ("axis", 1));
        graph.Graph.Output.Add(OnnxGraph.Describe(Embedding, null, neck.Channels));
    }

    public OnnxValue Predict(string name, OnnxValue input, Filter filter, float[] bias) => input with
    {
        Name = graph.Add(
            "Conv",
            name,
            [input.Name, graph.Weight($"{filter.Name}.weight", filter.Weight, filter.Shape.WeightSizes), graph.Weight($"{name}.bias", bias, bias.Length)],
            ("kernel_shape", new[] { 1, 1 })),
        Channels = bias.Length,
    };

    public void Detect(IReadOnlyList<OnnxValue> scores, IReadOnlyList<OnnxValue> codes, int numbers)
    {
        Rows(Scores, scores, numbers);
        Rows(Codes, codes, 4);
    }

    /// <summary>The numbers of all anchors, row by row, pixel by pixel, anchor by anchor, level by level: <c>[N, anchors, numbers]</c>.</summary>
    private void Rows(string name, IReadOnlyList<OnnxValue> maps, int numbers)
    {
        var shape = graph.Numbers($"{name}.shape", 0, -1, numbers); // 0 keeps the number of images
        var rows = maps.Select((map, level) =>
            graph.Add("Reshape", $"{name}.{level}.rows", [graph.Add("Transpose", $"{name}.{level}.last", [map.Name], ("perm", new[] { 0, 2, 3, 1 })), shape])).ToArray();
        graph.Add("Concat", name, rows, ("axis", 1));
        graph.Graph.Output.Add(OnnxGraph.Describe(name, null, maps.Sum(map => map.Height * map.Width * map.Channels / numbers), numbers));
    }

    private OnnxValue Signs(string name, OnnxValue value)
    {
        var sign = graph.Add("Sign", $"{name}.raw", [value.Name]);
        var above = graph.Add("Add", $"{name}.above", [sign, graph.Weight("half", [0.5f])]);
        return value with { Name = graph.Add("Sign", name, [above]) };
    }

    private OnnxValue Sums(OnnxValue input, Filter filter, int[]? pads = null)
    {
        var shape = filter.Shape;
        var padding = shape.Dilation * (shape.Kernel - 1) / 2;
        pads ??= [padding, padding, padding, padding];
        float[] weight = filter.Beta is null ? filter.Weight : [.. filter.Weight.Select(latent => latent < 0 ? -1f : 1f)];
        var value = Sized(input, shape.OutChannels, (shape.Dilation * (shape.Kernel - 1)) + 1, shape.Stride, pads, graph.Add(
            "Conv",
            filter.Name,
            [input.Name, graph.Weight($"{filter.Name}.weight", weight, shape.WeightSizes)],
            ("kernel_shape", new[] { shape.Kernel, shape.Kernel }),
            ("strides", new[] { shape.Stride, shape.Stride }),
            ("dilations", new[] { shape.Dilation, shape.Dilation }),
            ("pads", pads),
            ("group", shape.Depthwise ? shape.InChannels : 1)));
        return filter.Beta is not { } beta
            ? value
            : value with { Name = graph.Add("Mul", $"{filter.Name}.scaled", [value.Name, graph.Weight($"{filter.Name}.beta", beta, beta.Length, 1, 1)]) };
    }

    private OnnxValue Finish(string name, OnnxValue sums, ChannelNorm norm, FusedEpilogue<OnnxValue> ending)
    {
        var value = Normalize($"{name}.norm", sums, norm);
        value = ending.Shortcut is { } shortcut ? Add($"{name}.sum", value, shortcut) : value;
        value = ending.Slope is { } slope
            ? value with { Name = graph.Add("PRelu", $"{name}.prelu", [value.Name, graph.Weight($"{name}.slope", slope, slope.Length, 1, 1)]) }
            : value;
        value = ending.Shift is { } shift ? value with { Name = AddPerChannel($"{name}.after", value, shift) } : value;
        return ending.Relu ? Relu($"{name}.relu", value) : value;
    }

    private string AddPerChannel(string name, OnnxValue value, float[] shift) =>
        graph.Add("Add", name, [value.Name, graph.Weight($"{name}.by", shift, shift.Length, 1, 1)]);

    private OnnxValue Window(string operation, string name, OnnxValue input, int kernel, int stride, int[] pads, params ReadOnlySpan<(string Name, object Value)> more) =>
        Sized(input, input.Channels, kernel, stride, pads, graph.Add(
            operation,
            name,
            [input.Name],
            [("kernel_shape", new[] { kernel, kernel }), ("strides", new[] { stride, stride }), ("pads", pads), .. more]));

    /// <summary>The result of a window of a size in pixels; <paramref name="pads"/> is top, left, bottom, right.</summary>
    private static OnnxValue Sized(OnnxValue input, int channels, int size, int stride, int[] pads, string name) =>
        new(name, channels, ((input.Height + pads[0] + pads[2] - size) / stride) + 1, ((input.Width + pads[1] + pads[3] - size) / stride) + 1);
}

/// <summary>A value <c>[N, Channels, Height, Width]</c> of an ONNX graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Pixels per row.</param>
internal sealed record OnnxValue(string Name, int Channels, int Height, int Width);
