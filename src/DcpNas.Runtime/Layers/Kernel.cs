using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Kernels.Fixed;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Translates nodes to what kernels are prepared from.</summary>
internal static class Kernel
{
    /// <summary>The sizes of a convolution.</summary>
    public static Kernels.ConvolutionGeometry Geometry(Model.ConvolutionGeometry taps, ValueShape input, ValueShape output, bool depthwise) => new()
    {
        Input = new BitShape(input.Height, input.Width, input.Channels),
        OutChannels = output.Channels,
        Kernel = taps.Kernel,
        Stride = taps.Stride,
        Dilation = taps.Dilation,
        Padding = taps.Padding,
        Shift = taps.Offset,
        Depthwise = depthwise,
    };

    /// <summary>Prepares a pool.</summary>
    public static Pooling Pooling(PoolNode node, ValueShape input, InstructionSet set) =>
        new(!node.IsMaximum, input.Height, input.Width, input.Channels, node.Geometry.Kernel, node.Geometry.Stride, node.Geometry.Padding, node.Geometry.Offset, set);

    /// <summary>Prepares a pool of fixed-point numbers.</summary>
    public static FixedPooling FixedPooling(PoolNode node, ValueShape input, InstructionSet set) =>
        new(!node.IsMaximum, input.Height, input.Width, input.Channels, node.Geometry.Kernel, node.Geometry.Stride, node.Geometry.Padding, node.Geometry.Offset, set);

    /// <summary>The rules of a <see cref="SignNode"/>.</summary>
    public static FloatRule[] Rules(SignNode node)
    {
        var rules = new FloatRule[node.Rules.Length];
        for (var channel = 0; channel < rules.Length; channel++)
        {
            rules[channel] = new FloatRule(node.Thresholds.Span[channel], node.Rules.Span[channel] == ThresholdRule.NotBelow);
        }

        return rules;
    }

    /// <summary>The rules of a <see cref="BinaryConvolutionNode"/>; empty where it gives sums.</summary>
    public static BitRule[] Rules(BinaryConvolutionNode node)
    {
        if (node.Thresholds is not { } thresholds)
        {
            return [];
        }

        var rules = new BitRule[thresholds.Length];
        for (var channel = 0; channel < rules.Length; channel++)
        {
            rules[channel] = new BitRule(thresholds.Span[channel], node.Rules!.Value.Span[channel] == ThresholdRule.NotBelow);
        }

        return rules;
    }

    /// <summary>Prepares an epilogue.</summary>
    /// <param name="node">The node.</param>
    /// <param name="signs">The signs of the result that are taken at the same time.</param>
    /// <param name="set">The instructions.</param>
    public static Epilogue Epilogue(AffineNode node, IReadOnlyList<SignNode> signs, InstructionSet set) =>
        new(node.Scale.Span, node.Bias.Span, (node.Slope ?? default).Span, (node.Shift ?? default).Span, [.. signs.Select(Rules)], set);

    /// <summary>Prepares an epilogue on fixed-point numbers.</summary>
    /// <param name="node">The node.</param>
    /// <param name="signs">The signs of the result that are taken at the same time.</param>
    /// <param name="exponents">Of what is read and made.</param>
    /// <param name="largestSum">No number that is read is larger in absolute value.</param>
    /// <param name="set">The instructions.</param>
    public static FixedEpilogue Epilogue(AffineNode node, IReadOnlyList<SignNode> signs, FixedExponents exponents, int largestSum, InstructionSet set) =>
        new(new FixedEpilogueParts(node.Scale.Span, node.Bias.Span, (node.Slope ?? default).Span, (node.Shift ?? default).Span, [.. signs.Select(Rules)], exponents, largestSum), set);
}
