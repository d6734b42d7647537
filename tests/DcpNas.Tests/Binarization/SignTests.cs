using DcpNas.Binarization;
using DcpNas.Operators;
using DcpNas.Tests.Operators;
using static TorchSharp.torch;

namespace DcpNas.Tests.Binarization;

public class SignTests
{
    private static readonly float[] Points = [-2f, -1f, -0.25f, -0f, 0f, 0.5f, 1f, 3f, float.PositiveInfinity, float.NegativeInfinity, -1.0000001f, 1e-30f, -1e-30f, 0.75f, -0.75f, 2f, 1f, -1f, 0.1f];

    [Theory]
    [InlineData(SignEstimator.BiReal, false)]
    [InlineData(SignEstimator.StraightThrough, false)]
    [InlineData(SignEstimator.BiReal, true)]
    [InlineData(SignEstimator.StraightThrough, true)]
    public void Of_SpecialPoints_FollowTheConvention(SignEstimator estimator, bool second)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        using var order = second ? GradientOrder.UseSecond() : null;
        var x = tensor(Points).requires_grad_();
        var y = Sign.Of(x, estimator);
        y.sum().backward();
        var values = y.data<float>().ToArray();
        var slopes = x.grad!.data<float>().ToArray();
        for (var i = 0; i < Points.Length; i++)
        {
            Assert.Equal(Points[i] >= 0 ? 1f : -1f, values[i]);
            var magnitude = Math.Abs(Points[i]);
            var expected = estimator == SignEstimator.BiReal ? Math.Max(0, 2 - (2 * magnitude)) : magnitude <= 1 ? 1 : 0;
            Assert.Equal(expected, slopes[i], 1e-6f);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_NaN_StaysNaN(bool second)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        using var order = second ? GradientOrder.UseSecond() : null;
        Assert.True(Sign.Of(full(20, float.NaN), SignEstimator.BiReal).isnan().all().item<bool>());
    }

    [Theory]
    [InlineData(SignEstimator.BiReal)]
    [InlineData(SignEstimator.StraightThrough)]
    public void Derivative_BothPaths_Agree(SignEstimator estimator)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = randn(3, 5, 7);
        Compare.Close(Sign.Derivative(x.to(ScalarType.Float64), estimator), Sign.Derivative(x, estimator), 1e-6, "slope");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_AnyLayout_KeepsItAndEqualsFloat64(bool channelsLast)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = channelsLast ? Compare.ChannelsLast(randn(3, 5, 7, 3)) : randn(3, 5, 7, 3);
        Compare.Same(a => Sign.Of(a[0], SignEstimator.BiReal), a => Sign.Of(a[0].contiguous(), SignEstimator.BiReal), [x]);
        Assert.Equal(x.stride(), Sign.Of(x, SignEstimator.BiReal).stride());
    }

    [Fact]
    public void Of_SecondOrder_DifferentiatesTheSurrogate()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        using var order = GradientOrder.UseSecond();
        var x = tensor(new[] { -1.5, -0.5, 0.25, 0.75, 2.0 }).requires_grad_();
        var first = autograd.grad([Sign.Of(x, SignEstimator.BiReal).sum()], [x], retain_graph: true, create_graph: true)[0];
        var curvature = autograd.grad([first.sum()], [x])[0].data<double>().ToArray();
        Assert.Equal([0.0, 2.0, -2.0, -2.0, 0.0], curvature);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Weight_Gradients_FollowTheEquation(bool second)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        using var order = second ? GradientOrder.UseSecond() : null;
        var w = (randn(6, 1, 3, 3) * 1.5).requires_grad_();
        var beta = rand(6).requires_grad_();
        var g = randn(6, 1, 3, 3);
        var y = Sign.Weight(w, beta);
        (y * g).sum().backward();
        var sign = (w.detach().ge(0).to(ScalarType.Float32) * 2) - 1;
        var scale = beta.detach().view(6, 1, 1, 1);
        Compare.Close((scale * sign).to(ScalarType.Float64), y.detach(), 1e-6, "value");
        Compare.Close((scale * g * w.detach().abs().le(1)).to(ScalarType.Float64), w.grad!, 1e-6, "latent gradient");
        Compare.Close((g * sign).sum([1, 2, 3]).to(ScalarType.Float64), beta.grad!, 1e-6, "beta gradient");
    }
}
