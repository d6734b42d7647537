using DcpNas.Binarization;
using DcpNas.Operators;
using static TorchSharp.torch;

namespace DcpNas.Benchmarks;

/// <summary>The operators of a supernet at its three resolutions, batch 64.</summary>
internal static class OperatorCases
{
    private const SignEstimator BiReal = SignEstimator.BiReal;

    public static IEnumerable<OperatorCase> All()
    {
        foreach (var (channels, size) in ((int, int)[])[(16, 32), (32, 16), (64, 8), (36, 16)])
        {
            foreach (var operatorCase in At(channels, size))
            {
                yield return operatorCase;
            }
        }
    }

    private static IEnumerable<OperatorCase> At(int c, int size)
    {
        var shape = $"{c}x{size}x{size}";
        Tensor Image() => randn(64, c, size, size);
        foreach (var (kernel, stride, dilation) in ((int, int, int)[])[(3, 1, 1), (5, 1, 1), (3, 1, 2), (5, 1, 2), (5, 2, 1)])
        {
            var padding = dilation * (kernel - 1) / 2;
            yield return new(
                $"depthwise {kernel}x{kernel} s{stride} d{dilation} {shape}",
                () => [Image(), randn(c, 1, kernel, kernel)],
                a => Convolution.Depthwise(a[0], a[1], stride, dilation),
                a => nn.functional.conv2d(a[0], a[1], strides: [stride, stride], padding: [padding, padding], dilation: [dilation, dilation], groups: c));
        }

        yield return new($"pointwise {shape}", () => [Image(), randn(c, c, 1, 1)], a => Convolution.Pointwise(a[0], a[1], 1), a => nn.functional.conv2d(a[0], a[1]));
        foreach (var stride in (int[])[1, 2])
        {
            yield return new($"max pool s{stride} {shape}", () => [Image()], a => Pooling.Max3x3(a[0], stride), a => nn.functional.max_pool2d(a[0], 3, stride, 1));
            yield return new(
                $"avg pool s{stride} {shape}", () => [Image()], a => Pooling.Avg3x3(a[0], stride), a => nn.functional.avg_pool2d(a[0], 3, stride, 1, count_include_pad: false));
        }

        yield return new($"PReLU {shape}", () => [Image(), rand(c)], a => Activation.PRelu(a[0], a[1]), a => nn.functional.prelu(a[0], a[1]));
        yield return new($"sign {shape}", () => [Image()], a => Sign.Of(a[0], BiReal), a => PlainSign(a[0]));
        yield return new($"BN {shape}", () => [Image()], a => Normalization.Apply(a[0]), a => Normal(a[0]));
        yield return new($"BN+sign {shape}", () => [Image()], a => Normalization.Apply(a[0], sign: BiReal), a => PlainSign(Normal(a[0])));
        yield return new($"BN+PReLU {shape}", () => [Image(), rand(c)], a => Normalization.Apply(a[0], slope: a[1]), a => nn.functional.prelu(Normal(a[0]), a[1]));
        yield return new(
            $"BN+PReLU+sign {shape}",
            () => [Image(), rand(c)],
            a => Normalization.Apply(a[0], slope: a[1], sign: BiReal),
            a => PlainSign(nn.functional.prelu(Normal(a[0]), a[1])));
        yield return new(
            $"BN+add+PReLU {shape}",
            () => [Image(), Image(), rand(c)],
            a => Normalization.Apply(a[0], shortcut: a[1], slope: a[2]),
            a => nn.functional.prelu(Normal(a[0]) + a[1], a[2]));
        yield return new(
            $"mixed sum of 7 {shape}", () => [rand(7), .. Enumerable.Range(0, 7).Select(_ => Image())], a => MixedSum.Of(a[0], a[1..]), a => PlainMix(a[0], a[1..]));
        yield return new(
            $"separable block 5x5 {shape}",
            () => [Image(), Image(), randn(c, 1, 5, 5), rand(c), randn(c, c, 1, 1), rand(c)],
            Block,
            PlainBlock);
    }

    /// <summary>Arguments: ±1 operand, raw input, depthwise weight, slope, pointwise weight, slope.</summary>
    private static Tensor Block(Tensor[] a) => Normalization.Apply(SeparableCore.Of(a[0], a[2], 1, 1, a[3], BiReal, a[4]), shortcut: a[1], slope: a[5]);

    private static Tensor PlainBlock(Tensor[] a)
    {
        var inner = PlainSign(nn.functional.prelu(Normal(nn.functional.conv2d(a[0], a[2], padding: [2, 2], groups: a[0].shape[1])), a[3]));
        return nn.functional.prelu(Normal(nn.functional.conv2d(inner, a[4])) + a[1], a[5]);
    }

    private static Tensor Normal(Tensor x) => nn.functional.batch_norm(x, null!, null!, null, null, true, 0.1, 1e-5);

    /// <summary>The usual way without a function of one's own: values of sign, derivatives of a polynomial.</summary>
    private static Tensor PlainSign(Tensor x)
    {
        var clipped = x.clamp(-1, 1);
        var polynomial = clipped * (2 - clipped.abs());
        return x.detach().sign() + (polynomial - polynomial.detach());
    }

    private static Tensor PlainMix(Tensor p, Tensor[] terms)
    {
        var parts = p.unbind(0);
        var sum = terms[0] * parts[0];
        for (var m = 1; m < terms.Length; m++)
        {
            sum = sum + (terms[m] * parts[m]);
        }

        return sum;
    }
}
