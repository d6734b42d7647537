using DcpNas.Binarization;
using DcpNas.Operators;
using static TorchSharp.torch;

namespace DcpNas.Tests.Operators;

public class SeparableCoreTests
{
    public static TheoryData<int, int, int, int, int, SignEstimator?> Cases() => new()
    {
        { 16, 16, 8, 1, 1, SignEstimator.BiReal },
        { 16, 16, 8, 1, 2, null },
        { 5, 7, 9, 2, 1, SignEstimator.StraightThrough },
        { 36, 20, 6, 1, 1, SignEstimator.BiReal },
        { 12, 12, 17, 2, 2, SignEstimator.BiReal },
        { 32, 64, 16, 1, 1, SignEstimator.BiReal },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_ChannelsLast_EqualsFloat64(int channels, int outputs, int size, int stride, int dilation, SignEstimator? estimator)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        Tensor[] arguments = [Compare.ChannelsLast(randn(11, channels, size, size)), randn(channels, 1, 3, 3), rand(channels), randn(outputs, channels, 1, 1)];
        Compare.Same(
            a => SeparableCore.Of(a[0], a[1], stride, dilation, a[2], estimator, a[3]), a => Plain(a[0], a[1], stride, dilation, a[2], estimator, a[3]), arguments, 2e-4);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, true, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, false)]
    public void Of_WithState_EqualsFloat64(bool channelsLast, bool training, bool binary)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        SignEstimator? estimator = binary ? SignEstimator.BiReal : null;
        var x = randn(7, 12, 9, 9);
        Tensor mean = randn(12), variance = rand(12) + 5;
        Tensor expectedMean = mean.to(ScalarType.Float64), expectedVariance = variance.to(ScalarType.Float64);
        Compare.Same(
            a => SeparableCore.Of(a[0], a[1], 2, 1, a[2], estimator, a[3], new NormalizationState(a[4], a[5], mean, variance, training)),
            a =>
            {
                var sums = nn.functional.conv2d(a[0].contiguous(), a[1], strides: [2, 2], padding: [1, 1], groups: 12);
                var inner = nn.functional.prelu(nn.functional.batch_norm(sums, expectedMean, expectedVariance, a[4], a[5], training, 0.1, 1e-5), a[2]);
                return nn.functional.conv2d(estimator is { } surrogate ? Sign.Of(inner, surrogate) : inner, a[3]);
            },
            [channelsLast ? Compare.ChannelsLast(x) : x, randn(12, 1, 3, 3), rand(12), randn(20, 12, 1, 1), randn(12), randn(12)],
            3e-4);
        Compare.Close(expectedMean, mean, 1e-5, "running mean");
        Compare.Close(expectedVariance, variance, 1e-5, "running variance");
    }

    [Fact]
    public void Of_Contiguous_EqualsFloat64()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        Tensor[] arguments = [randn(3, 6, 7, 7), randn(6, 1, 5, 5), rand(6), randn(4, 6, 1, 1)];
        Compare.Same(
            a => SeparableCore.Of(a[0], a[1], 1, 1, a[2], SignEstimator.BiReal, a[3]), a => Plain(a[0], a[1], 1, 1, a[2], SignEstimator.BiReal, a[3]), arguments, 2e-4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_TwoThreads_SameBitsAsOneAndAsTheParts(bool binary)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        SignEstimator? estimator = binary ? SignEstimator.BiReal : null;
        Tensor[] arguments = [Compare.ChannelsLast(randn(40, 16, 16, 16)), randn(16, 1, 3, 3), rand(16), randn(16, 16, 1, 1)];
        var (one, oneGradients) = Compare.Run(a => SeparableCore.Of(a[0], a[1], 1, 1, a[2], estimator, a[3]), arguments);
        var (parts, _) = Compare.Run(
            a =>
            {
                var sums = Convolution.Depthwise(a[0], a[1], 1, 1);
                return Convolution.Pointwise(Normalization.Apply(sums, slope: a[2], sign: binary ? SignEstimator.BiReal : null), a[3], 1);
            },
            arguments);
        set_num_threads(2);
        var (two, twoGradients) = Compare.Run(a => SeparableCore.Of(a[0], a[1], 1, 1, a[2], estimator, a[3]), arguments);
        set_num_threads(1);
        Assert.True(one.eq(two).all().item<bool>());
        Assert.True(one.eq(parts).all().item<bool>());
        Assert.All(oneGradients.Zip(twoGradients), pair => Assert.True(pair.First.eq(pair.Second).all().item<bool>()));
    }

    private static Tensor Plain(Tensor x, Tensor depthwise, int stride, int dilation, Tensor slope, SignEstimator? estimator, Tensor pointwise)
    {
        var padding = dilation * (depthwise.shape[2] - 1) / 2;
        var sums = nn.functional.conv2d(x.contiguous(), depthwise, strides: [stride, stride], padding: [padding, padding], dilation: [dilation, dilation], groups: x.shape[1]);
        var inner = nn.functional.prelu(nn.functional.batch_norm(sums, null!, null!, null, null, true, 0.1, 1e-5), slope);
        return nn.functional.conv2d(estimator is { } surrogate ? Sign.Of(inner, surrogate) : inner, pointwise);
    }
}
