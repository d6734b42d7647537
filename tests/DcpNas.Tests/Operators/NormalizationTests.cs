using DcpNas.Binarization;
using DcpNas.Operators;
using static TorchSharp.torch;

namespace DcpNas.Tests.Operators;

public class NormalizationTests
{
    public static TheoryData<int, int, int, int> Sizes() => new()
    {
        { 4, 16, 8, 8 },
        { 3, 5, 7, 3 },
        { 2, 36, 3, 5 },
        { 64, 12, 16, 16 },
        { 9, 130, 2, 3 },
        { 2, 1, 3, 3 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Batch_Training_EqualsFloat64(int samples, int channels, int height, int width)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = Input(samples, channels, height, width);
        Compare.Same(a => Normalization.Apply(a[0]), a => Plain(a[0]), [x], 1e-4);
        Compare.Same(
            a => Normalization.Apply(a[0], new NormalizationState(a[1], a[2], null, null, Training: true)), a => Plain(a[0], a[1], a[2]), [x, randn(channels), randn(channels)], 1e-4);
        Assert.True(Compare.IsChannelsLast(Normalization.Apply(x)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Batch_RunningStatistics_EqualLibtorch(bool training)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = Input(4, 12, 5, 3);
        var (weight, bias) = (randn(12), randn(12));
        Tensor mean = randn(12), variance = rand(12) + 0.5;
        Tensor expectedMean = mean.to(ScalarType.Float64), expectedVariance = variance.to(ScalarType.Float64);
        Compare.Same(
            a => Normalization.Apply(a[0], new NormalizationState(a[1], a[2], mean, variance, training, 0.3)),
            a => nn.functional.batch_norm(a[0].contiguous(), expectedMean, expectedVariance, a[1], a[2], training, 0.3, 1e-5),
            [x, weight, bias],
            1e-4);
        Compare.Close(expectedMean, mean, 1e-5, "running mean");
        Compare.Close(expectedVariance, variance, 1e-5, "running variance");
    }

    [Fact]
    public void Batch_LargeOffset_KeepsItsDigits()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = Compare.ChannelsLast(randn(16, 16, 8, 8) + 1000);
        var expected = nn.functional.batch_norm(x.to(ScalarType.Float64).contiguous(), null!, null!, null, null, true, 0.1, 1e-5);
        Compare.Close(expected, Normalization.Apply(x), 3e-4, "value");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void FusedForms_EqualFloat64(int samples, int channels, int height, int width)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = Input(samples, channels, height, width);
        var shortcut = Compare.ChannelsLast(randn(samples, channels, height, width));
        var slope = rand(channels) - 0.3;
        Compare.Same(a => Normalization.Apply(a[0], slope: a[1]), a => nn.functional.prelu(Plain(a[0]), a[1]), [x, slope], 1e-4);
        Compare.Same(a => Normalization.Apply(a[0], shortcut: a[1], slope: a[2]), a => nn.functional.prelu(Plain(a[0]) + a[1].contiguous(), a[2]), [x, shortcut, slope], 1e-4);
        foreach (var estimator in Enum.GetValues<SignEstimator>())
        {
            // With this seed no value lies so near to a kink that float32 and float64 take different sides.
            Compare.Same(a => Normalization.Apply(a[0], sign: estimator), a => Sign.Of(Plain(a[0]), estimator), [x], 2e-4);
            Compare.Same(a => Normalization.Apply(a[0], slope: a[1], sign: estimator), a => Sign.Of(nn.functional.prelu(Plain(a[0]), a[1]), estimator), [x, slope], 2e-4);
        }
    }

    [Theory]
    [InlineData(4, 16, 8, 8, true)]
    [InlineData(4, 16, 8, 8, false)]
    [InlineData(3, 5, 7, 3, true)]
    [InlineData(9, 130, 2, 3, false)]
    public void FusedForms_WithState_EqualFloat64(int samples, int channels, int height, int width, bool training)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = Input(samples, channels, height, width);
        var shortcut = Compare.ChannelsLast(randn(samples, channels, height, width));
        Tensor slope = rand(channels) - 0.3, weight = randn(channels), bias = randn(channels);
        Check((a, s) => Normalization.Apply(a[0], s, slope: a[1]), (n, a) => nn.functional.prelu(n, a[1]), x, slope);
        Check((a, s) => Normalization.Apply(a[0], s, shortcut: a[1]), (n, a) => n + a[1].contiguous(), x, shortcut);
        Check((a, s) => Normalization.Apply(a[0], s, shortcut: a[1], slope: a[2]), (n, a) => nn.functional.prelu(n + a[1].contiguous(), a[2]), x, shortcut, slope);
        Check((a, s) => Normalization.Apply(a[0], s, sign: SignEstimator.BiReal), (n, _) => Sign.Of(n, SignEstimator.BiReal), x);
        Check((a, s) => Normalization.Apply(a[0], s, slope: a[1], sign: SignEstimator.BiReal), (n, a) => Sign.Of(nn.functional.prelu(n, a[1]), SignEstimator.BiReal), x, slope);

        void Check(Func<Tensor[], NormalizationState, Tensor> fused, Func<Tensor, Tensor[], Tensor> rest, params Tensor[] arguments)
        {
            Tensor mean = randn(channels) + 3, variance = (rand(channels) + 0.5) * channels;
            Tensor expectedMean = mean.to(ScalarType.Float64), expectedVariance = variance.to(ScalarType.Float64);
            Compare.Same(
                a => fused(a, new NormalizationState(a[^2], a[^1], mean, variance, training, 0.3)),
                a => rest(nn.functional.batch_norm(a[0].contiguous(), expectedMean, expectedVariance, a[^2], a[^1], training, 0.3, 1e-5), a),
                [.. arguments, weight, bias],
                3e-4);
            Compare.Close(expectedMean, mean, 1e-5, "running mean");
            Compare.Close(expectedVariance, variance, 1e-5, "running variance");
        }
    }

    [Fact]
    public void BatchSign_Contiguous_EqualsTheFastPath()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = randn(4, 6, 5, 5);
        Compare.Same(a => Normalization.Apply(a[0], sign: SignEstimator.BiReal), a => Sign.Of(Plain(a[0]), SignEstimator.BiReal), [x], 2e-4);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void BatchTangent_EqualsDoubleBackward(bool channelsLast, bool affine)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        Tensor x = randn(3, 12, 5, 4), tangent = randn(3, 12, 5, 4);
        var weight = affine ? randn(12) : null;
        var expected = Tangents.ByDoubleBackward(v => Plain(v, weight?.to(ScalarType.Float64), affine ? zeros(12, ScalarType.Float64) : null), x, tangent);
        var actual = channelsLast
            ? Normalization.BatchTangent(Compare.ChannelsLast(x), Compare.ChannelsLast(tangent), weight)
            : Normalization.BatchTangent(x, tangent, weight);
        Compare.Close(expected, actual, 1e-5, "tangent");
    }

    [Fact]
    public void BatchAddPRelu_TwoThreads_SameBitsAsOne()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        Tensor[] arguments = [Input(40, 16, 16, 16), Compare.ChannelsLast(randn(40, 16, 16, 16)), rand(16)];
        var (one, oneGradients) = Compare.Run(a => Normalization.Apply(a[0], shortcut: a[1], slope: a[2]), arguments);
        set_num_threads(2);
        var (two, twoGradients) = Compare.Run(a => Normalization.Apply(a[0], shortcut: a[1], slope: a[2]), arguments);
        set_num_threads(1);
        Assert.True(one.eq(two).all().item<bool>());
        Assert.All(oneGradients.Zip(twoGradients), pair => Assert.True(pair.First.eq(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void FusedForms_SecondOrder_CanBeDifferentiatedTwice()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        using var second = GradientOrder.UseSecond();
        var x = Input(2, 4, 5, 5).to(ScalarType.Float64);
        var direction = randn(2, 4, 5, 5, ScalarType.Float64);
        var shortcut = randn(2, 4, 5, 5, ScalarType.Float64);
        var slope = full(4, 0.25, ScalarType.Float64);
        Tensor Loss(Tensor v) => Normalization.Apply(Normalization.Apply(v, slope: slope), shortcut: shortcut, slope: slope).pow(3).sum();
        Tensor Gradient(Tensor v, bool create)
        {
            var leaf = v.detach().requires_grad_();
            return autograd.grad([Loss(leaf)], [leaf], retain_graph: create, create_graph: create)[0];
        }

        var point = x.detach().requires_grad_();
        var first = autograd.grad([Loss(point)], [point], retain_graph: true, create_graph: true)[0];
        var product = autograd.grad([(first * direction).sum()], [point])[0];
        var difference = (Gradient(x + (1e-7 * direction), false) - Gradient(x - (1e-7 * direction), false)) / 2e-7;
        Compare.Close(difference, product, 1e-6, "Hessian product");
    }

    [Fact]
    public void Batch_EvaluationWithoutStatistics_SaysSo()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => Normalization.Apply(zeros(1, 4, 3, 3), new NormalizationState(null, null, null, null, Training: false)));
        Assert.StartsWith("running mean and variance must be given when not training, got none.", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Input(int samples, int channels, int height, int width) =>
        Compare.ChannelsLast((randn(samples, channels, height, width) * (1 + arange(channels).view(1, -1, 1, 1))) + 3);

    private static Tensor Plain(Tensor x, Tensor? weight = null, Tensor? bias = null) =>
        nn.functional.batch_norm(x.contiguous(), null!, null!, weight, bias, true, 0.1, 1e-5);
}
