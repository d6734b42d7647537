using DcpNas.Binarization;
using DcpNas.Cost;

namespace DcpNas.Networks.Graph;

/// <summary>What the graph of a final network may say of its layers. A network is written once against it, and each reader gives it another meaning.</summary>
/// <remarks>
/// <para>Readers: <see cref="ModuleReader"/> makes the trainable layers and computes their values, <see cref="CostReader"/> counts, the export lowers to
/// packed models and ONNX, and its proof computes in float64. Layers come in the order in which they run.</para>
/// <para>Names are paths in the network. The name of a value is that of the layer that makes it, parameters have those of checkpoints, and rows those of
/// cost tables.</para>
/// </remarks>
/// <typeparam name="T">A value of the graph: <c>[N, C, H, W]</c>.</typeparam>
internal interface INetworkReader<T>
    where T : class
{
    /// <summary>What a 1-bit convolution reads, or its real counterpart.</summary>
    T Operand(string name, T input, OperandSpec spec);

    /// <summary>A convolution without bias, batch normalisation, and what follows it.</summary>
    T Convolve(string name, T input, ConvolutionSpec<T> spec);

    /// <summary>A factorised reduce (DARTS, arXiv:1806.09055), batch normalisation, and a PReLU where there is a slope.</summary>
    T Reduce(string name, T input, ReductionSpec spec);

    /// <summary>Depthwise convolution -> BN -> PReLU -> [sign] -> pointwise convolution -> BN -> + shortcut, if there is one -> PReLU.</summary>
    T Separable(string name, T input, SeparableSpec spec, T? shortcut);

    /// <summary>The 3x3 maximum or mean with padding 1, pixels outside of the image not counted; then batch normalisation where the spec names one.</summary>
    T Pool(string name, T input, PoolSpec spec);

    /// <summary>The 2x2 mean of stride 2; odd sizes are rounded up, the last window then being smaller.</summary>
    /// <param name="name">Of the layer that asks for it.</param>
    /// <param name="input">The value.</param>
    /// <param name="row">Of the cost table.</param>
    T Halve(string name, T input, string row);

    /// <summary><c>max(x, 0)</c>. Counted with the convolution that reads it.</summary>
    T Relu(string name, T input);

    /// <summary>The sum of two paths.</summary>
    T Add(string name, GraphPath<T> left, GraphPath<T> right);

    /// <summary>The sum of a map and a coarser one, every pixel of which is repeated: a feature pyramid (arXiv:1612.03144). Has no form in files.</summary>
    T AddEnlarged(string name, T fine, T coarse);

    /// <summary>Channels side by side.</summary>
    T Concat(string name, IReadOnlyList<T> inputs);

    /// <summary>A last layer of a detector: a convolution and a bias.</summary>
    T Predict(string name, T input, PredictionSpec spec);
}

/// <summary>A final network up to its last maps, written once.</summary>
internal interface INetworkGraph
{
    /// <summary>Says every layer to a reader, from the image on.</summary>
    NetworkOutputs<T> Read<T>(INetworkReader<T> reader, T image)
        where T : class;
}

/// <summary>What a network gives.</summary>
/// <param name="Stages">The last map of each resolution of the body, finest first.</param>
/// <param name="Auxiliary">What an auxiliary head reads; null where the architecture has none.</param>
internal sealed record NetworkOutputs<T>(IReadOnlyList<T> Stages, T? Auxiliary = null)
    where T : class;

/// <summary>The weights of a convolution.</summary>
/// <param name="Name">The path of the layer: <c>units.0.convolution</c>.</param>
/// <param name="Shape">The geometry.</param>
/// <param name="Precision">What is 1-bit; null: real in every network, as stems are.</param>
internal sealed record FilterSpec(string Name, ConvolutionShape Shape, Precision? Precision)
{
    /// <summary>Whether weights are 1-bit, with a scale beta per output channel.</summary>
    public bool IsBinary => Precision is { BinaryWeights: true };
}

/// <summary>A row of the cost table.</summary>
internal readonly record struct CostRow(string Name, CostGroup Group);

/// <summary><c>sign(norm(x))</c>, <c>sign(x + shift)</c> or <c>sign(x)</c>; without a sign <c>norm(x)</c>, <c>x + shift</c>, or x limited to [-1, 1].</summary>
internal readonly record struct OperandSpec
{
    /// <summary>The surrogate gradient of the sign; null: there is no sign.</summary>
    public SignEstimator? Sign { get; init; }

    /// <summary>A batch normalisation, or null.</summary>
    public string? Norm { get; init; }

    /// <summary>A learnable shift per channel, or null.</summary>
    public string? Shift { get; init; }
}

/// <summary><c>prelu(norm(filter * x) + shortcut + before) + after</c>, of what is there, or <c>relu(norm(filter * x))</c>.</summary>
internal readonly record struct ConvolutionSpec<T>
    where T : class
{
    /// <summary>The weights.</summary>
    public required FilterSpec Filter { get; init; }

    /// <summary>The batch normalisation.</summary>
    public required string Norm { get; init; }

    /// <summary>Its row.</summary>
    public required CostRow Row { get; init; }

    /// <summary>Says what is added, or null. Asked once, behind the layer's own parameters: those of the shortcut follow in lists and tables.</summary>
    public Func<T>? Shortcut { get; init; }

    /// <summary>The slopes of a PReLU, or null.</summary>
    public string? Slope { get; init; }

    /// <summary>Learnable shifts around a PReLU behind a shortcut, or null: both or none.</summary>
    public (string Before, string After)? Shifts { get; init; }

    /// <summary>Whether negative values become 0; counted with the convolution that reads them.</summary>
    public bool Relu { get; init; }
}

/// <summary>Two 1x1 convolutions of stride 2 side by side, the second shifted by a pixel; where an odd size is rounded up, it reads zeros.</summary>
/// <param name="Even">The first, which takes an odd channel.</param>
/// <param name="Odd">The second.</param>
/// <param name="Norm">The batch normalisation of both.</param>
/// <param name="Slope">The slopes of a PReLU, or null.</param>
/// <param name="Row">Its row.</param>
internal sealed record ReductionSpec(FilterSpec Even, FilterSpec Odd, string Norm, string? Slope, CostRow Row);

/// <summary>The inside of a separable block.</summary>
/// <param name="Depthwise">The first convolution.</param>
/// <param name="InnerNorm">Its batch normalisation.</param>
/// <param name="InnerSlope">The slopes behind it.</param>
/// <param name="Sign">The surrogate gradient of the sign before the second; null: there is none.</param>
/// <param name="Pointwise">The second convolution.</param>
/// <param name="OuterNorm">Its batch normalisation.</param>
/// <param name="OuterSlope">The last slopes.</param>
internal sealed record SeparableSpec(
    FilterSpec Depthwise, string InnerNorm, string InnerSlope, SignEstimator? Sign, FilterSpec Pointwise, string OuterNorm, string OuterSlope);

/// <summary>A 3x3 pool.</summary>
/// <param name="Maximum">Whether the maximum or the mean is taken.</param>
/// <param name="Stride">1 or 2, in pixels.</param>
/// <param name="Norm">The batch normalisation behind it, or null.</param>
/// <param name="Row">Of the cost table.</param>
internal sealed record PoolSpec(bool Maximum, int Stride, string? Norm, string Row);

/// <summary>A term of a sum.</summary>
/// <param name="Value">The value.</param>
/// <param name="CanDrop">Whether drop-path may leave it out in training.</param>
internal readonly record struct GraphPath<T>(T Value, bool CanDrop)
    where T : class;

/// <summary>A last layer of a detector.</summary>
/// <param name="Filter">The weights, real.</param>
/// <param name="Bias">One per channel.</param>
internal sealed record PredictionSpec(FilterSpec Filter, string Bias);
