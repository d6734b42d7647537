using System.Numerics;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests;

/// <summary>Runs one node as docs/model-format.md says it, number by number, with ±1 for bits.</summary>
/// <remarks>
/// In <see cref="float"/> it rounds as the format demands, so that the runtime must give the same bits; in <see cref="double"/> it gives the true result,
/// together with the sum of the absolute values of its terms, in which rounding errors are measured.
/// </remarks>
internal static class NaiveExecutor<T>
    where T : struct, IFloatingPointIeee754<T>
{
    public static (T[] Values, T[] Magnitudes) Run(GraphNode node, ValueShape[] shapes, T[][] inputs, ValueShape output)
    {
        var values = new T[output.Elements];
        var magnitudes = new T[output.Elements];
        var place = 0;
        for (var y = 0; y < output.Height; y++)
        {
            for (var x = 0; x < output.Width; x++)
            {
                for (var channel = 0; channel < output.Channels; channel++, place++)
                {
                    (values[place], magnitudes[place]) = Element(node, shapes, inputs, y, x, channel);
                }
            }
        }

        return (values, magnitudes);
    }

    private static (T Value, T Magnitude) Element(GraphNode node, ValueShape[] shapes, T[][] inputs, int y, int x, int channel)
    {
        var (shape, input) = (shapes[0], inputs[0]);
        var here = (((y * shape.Width) + x) * shape.Channels) + channel;
        switch (node)
        {
            case ConvolutionNode convolution:
                var start = convolution.Bias is { } bias ? T.CreateChecked(bias.Span[channel]) : T.Zero;
                var sum = Convolve(convolution.Geometry, convolution.Depthwise, shape, input, y, x, channel, start, (tap, source) =>
                    T.CreateChecked(convolution.Depthwise
                        ? convolution.Weight.Span[(tap * shape.Channels) + channel]
                        : convolution.Weight.Span[(((channel * convolution.Geometry.Taps) + tap) * shape.Channels) + source]));
                return convolution.Relu && !(sum.Value > T.Zero) ? (T.Zero, sum.Magnitude) : sum;
            case BinaryConvolutionNode convolution:
                var products = Convolve(convolution.Geometry, convolution.Weights.Depthwise, shape, input, y, x, channel, T.Zero, Sign(convolution.Weights, channel)).Value;
                return convolution.Thresholds is { } limits
                    ? Bit(products, T.CreateChecked(limits.Span[channel]), convolution.Rules!.Value.Span[channel])
                    : (products, T.Zero);
            case SignWeightConvolutionNode convolution:
                return Convolve(convolution.Geometry, convolution.Weights.Depthwise, shape, input, y, x, channel, T.Zero, Sign(convolution.Weights, channel));
            case SignNode sign:
                return Bit(input[here], T.CreateChecked(sign.Thresholds.Span[channel]), sign.Rules.Span[channel]);
            case AffineNode affine:
                return Affine(affine, input[here], inputs.Length > 1 ? inputs[1][here] : null, channel);
            case PoolNode pool:
                return Pool(pool, shape, input, y, x, channel);
            case AddNode:
                return (inputs.Skip(1).Aggregate(input[here], (total, term) => total + term[here]), inputs.Aggregate(T.Zero, (total, term) => total + T.Abs(term[here])));
            case ConcatNode:
                var part = 0;
                while (channel >= shapes[part].Channels)
                {
                    channel -= shapes[part++].Channels;
                }

                return (inputs[part][(((y * shapes[part].Width) + x) * shapes[part].Channels) + channel], T.Zero);
            case ReluNode:
                return (input[here] > T.Zero ? input[here] : T.Zero, T.Zero);
            case GlobalAverageNode:
                var (total, size, pixels) = (T.Zero, T.Zero, shape.Height * shape.Width);
                for (var pixel = 0; pixel < pixels; pixel++)
                {
                    total += input[(pixel * shape.Channels) + channel];
                    size += T.Abs(input[(pixel * shape.Channels) + channel]);
                }

                return (total / T.CreateChecked(pixels), size);
            case LinearNode linear:
                var result = linear.Bias is { } offset ? T.CreateChecked(offset.Span[channel]) : T.Zero;
                var magnitude = T.Abs(result);
                for (var i = 0; i < shape.Channels; i++)
                {
                    var product = input[i] * T.CreateChecked(linear.Weight.Span[(channel * shape.Channels) + i]);
                    result += product;
                    magnitude += T.Abs(product);
                }

                return (result, magnitude);
            case IdentityNode:
                return (input[here], T.Zero);
            default:
                throw new InvalidOperationException($"The naive executor lacks {node.Type}.");
        }
    }

    private static Func<int, int, T> Sign(SignWeights weights, int channel) =>
        (tap, source) => T.CreateChecked(weights[channel, source, tap / weights.Kernel, tap % weights.Kernel]);

    private static (T Value, T Magnitude) Bit(T value, T threshold, ThresholdRule rule) => (value < threshold == (rule == ThresholdRule.Below) ? -T.One : T.One, T.Zero);

    private static (T Value, T Magnitude) Convolve(
        ConvolutionGeometry geometry, bool depthwise, ValueShape shape, T[] input, int y, int x, int channel, T start, Func<int, int, T> weight)
    {
        var (value, magnitude) = (start, T.Abs(start));
        for (var ky = 0; ky < geometry.Kernel; ky++)
        {
            for (var kx = 0; kx < geometry.Kernel; kx++)
            {
                var inY = (y * geometry.Stride) - geometry.Padding + geometry.Offset + (ky * geometry.Dilation);
                var inX = (x * geometry.Stride) - geometry.Padding + geometry.Offset + (kx * geometry.Dilation);
                if (inY < 0 || inY >= shape.Height || inX < 0 || inX >= shape.Width)
                {
                    continue;
                }

                for (var source = depthwise ? channel : 0; source < (depthwise ? channel + 1 : shape.Channels); source++)
                {
                    var product = input[(((inY * shape.Width) + inX) * shape.Channels) + source] * weight((ky * geometry.Kernel) + kx, source);
                    value += product;
                    magnitude += T.Abs(product);
                }
            }
        }

        return (value, magnitude);
    }

    private static (T Value, T Magnitude) Affine(AffineNode node, T input, T? shortcut, int channel)
    {
        var (scale, bias) = (T.CreateChecked(node.Scale.Span[channel]), T.CreateChecked(node.Bias.Span[channel]));
        var value = (scale * input) + bias;
        var magnitude = T.Abs(scale * input) + T.Abs(bias);
        if (shortcut is { } other)
        {
            value += other;
            magnitude += T.Abs(other);
        }

        if (node.Slope is { } slope && value < T.Zero)
        {
            value *= T.CreateChecked(slope.Span[channel]);
        }

        if (node.Shift is { } shift)
        {
            value += T.CreateChecked(shift.Span[channel]);
            magnitude += T.Abs(T.CreateChecked(shift.Span[channel]));
        }

        return (value, magnitude);
    }

    private static (T Value, T Magnitude) Pool(PoolNode node, ValueShape shape, T[] input, int y, int x, int channel)
    {
        var values = new List<T>();
        for (var ky = 0; ky < node.Geometry.Kernel; ky++)
        {
            for (var kx = 0; kx < node.Geometry.Kernel; kx++)
            {
                var (inY, inX) = ((y * node.Geometry.Stride) - node.Geometry.Padding + node.Geometry.Offset + ky, (x * node.Geometry.Stride) - node.Geometry.Padding + node.Geometry.Offset + kx);
                if (inY >= 0 && inY < shape.Height && inX >= 0 && inX < shape.Width)
                {
                    values.Add(input[(((inY * shape.Width) + inX) * shape.Channels) + channel]);
                }
            }
        }

        return node.IsMaximum
            ? (values.Aggregate((largest, value) => value > largest ? value : largest), T.Zero)
            : (values.Aggregate((sum, value) => sum + value) / T.CreateChecked(values.Count), values.Aggregate(T.Zero, (sum, value) => sum + T.Abs(value)));
    }
}
