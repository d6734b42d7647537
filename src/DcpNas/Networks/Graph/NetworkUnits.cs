using DcpNas.Binarization;
using DcpNas.Cost;

namespace DcpNas.Networks.Graph;

/// <summary>Units that several networks and heads are made of.</summary>
internal static class NetworkUnits
{
    /// <summary>A real-valued convolution without bias, then batch normalisation: stems and the shortcuts of hand-made networks.</summary>
    public static T Real<T>(INetworkReader<T> reader, string name, T input, ConvolutionShape shape, CostGroup group, bool relu = false)
        where T : class => reader.Convolve(name, input, new()
        {
            Filter = new($"{name}.convolution", shape, null),
            Norm = $"{name}.norm",
            Row = new(name, group),
            Relu = relu,
        });

    /// <summary>RSign -> convolution -> BN -> + shortcut -> RPReLU: half of a block of ReActNet, arXiv:2003.03488.</summary>
    /// <remarks>
    /// RSign (its equation 2) is <c>sign(x + shift_c)</c>; RPReLU (its equation 3) is <c>PReLU(x + before_c) + after_c</c>. Shifts start at 0. The signs of
    /// shifts are those of the authors' release: the paper subtracts. Where stride is 2, the shortcut is a 2x2 mean. Where a 1x1 convolution doubles the
    /// channels, it is the input twice: the same network as the paper's two convolutions side by side.
    /// </remarks>
    /// <param name="reader">The reader.</param>
    /// <param name="name">The unit.</param>
    /// <param name="input">Its input.</param>
    /// <param name="shape">Its convolution.</param>
    /// <param name="precision">What is 1-bit.</param>
    /// <param name="group">Of the cost table.</param>
    /// <param name="pool">The row of the 2x2 mean.</param>
    public static T ReAct<T>(INetworkReader<T> reader, string name, T input, ConvolutionShape shape, Precision precision, CostGroup group, string pool)
        where T : class
    {
        var operand = reader.Operand(name, input, new() { Sign = InputSign(precision), Shift = $"{name}.shift" });
        return reader.Convolve(name, operand, new()
        {
            Filter = new($"{name}.convolution", shape, precision),
            Norm = $"{name}.norm",
            Row = new(name, group),
            Shortcut = () =>
            {
                var shortcut = shape.Stride == 2 ? reader.Halve(name, input, pool) : input;
                return shape.OutChannels == shape.InChannels ? shortcut : reader.Concat($"{name}.twice", [shortcut, shortcut]);
            },
            Slope = $"{name}.slope",
            Shifts = ($"{name}.before", $"{name}.after"),
        });
    }

    /// <summary>BN -> [sign] -> 1x1 convolution, or with stride 2 a factorised reduce -> BN -> [PReLU].</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="name">The unit.</param>
    /// <param name="input">Its input.</param>
    /// <param name="shape">A 1x1 convolution of all channels.</param>
    /// <param name="activate">Whether it ends in a PReLU.</param>
    /// <param name="precision">What is 1-bit.</param>
    /// <param name="row">Of the cost table.</param>
    public static T Reshape<T>(INetworkReader<T> reader, string name, T input, ConvolutionShape shape, bool activate, Precision precision, CostRow row)
        where T : class
    {
        var operand = reader.Operand(name, input, new() { Sign = InputSign(precision), Norm = $"{name}.norm" });
        var (norm, slope) = ($"{name}.outer_norm", activate ? $"{name}.slope" : null);
        var half = shape.OutChannels / 2;
        return shape.Stride == 1
            ? reader.Convolve(name, operand, new() { Filter = new($"{name}.pointwise", shape, precision), Norm = norm, Slope = slope, Row = row })
            : reader.Reduce(name, operand, new(Half("even", shape.OutChannels - half), Half("odd", half), norm, slope, row));

        FilterSpec Half(string part, int channels) => new($"{name}.{part}", shape with { OutChannels = channels }, precision);
    }

    /// <summary>The sign of what a convolution reads that sees the input of a unit.</summary>
    public static SignEstimator? InputSign(Precision precision) => precision.BinaryInputs ? precision.Activations : null;
}
