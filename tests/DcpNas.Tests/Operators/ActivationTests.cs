using DcpNas.Operators;
using static TorchSharp.torch;

namespace DcpNas.Tests.Operators;

public class ActivationTests
{
    [Theory]
    [InlineData(16, 8, 8)]
    [InlineData(5, 7, 3)]
    [InlineData(1, 3, 3)]
    [InlineData(36, 9, 5)]
    [InlineData(130, 3, 2)]
    public void PRelu_ChannelsLast_EqualsFloat64(int channels, int height, int width)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = Compare.ChannelsLast(randn(9, channels, height, width));
        var slope = randn(channels);
        Compare.Same(a => Activation.PRelu(a[0], a[1]), a => nn.functional.prelu(a[0].contiguous(), a[1]), [x, slope]);
        Assert.True(Compare.IsChannelsLast(Activation.PRelu(x, slope)));
    }

    [Fact]
    public void PRelu_AtZero_PassesTheSlope()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = Compare.ChannelsLast(zeros(1, 16, 2, 2)).requires_grad_();
        Activation.PRelu(x, full(16, 0.25f)).sum().backward();
        Assert.True(x.grad!.eq(0.25).all().item<bool>());
    }

    [Fact]
    public void PRelu_Contiguous_EqualsFloat64()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        Compare.Same(a => Activation.PRelu(a[0], a[1]), a => nn.functional.prelu(a[0], a[1]), [randn(3, 7, 4, 5), randn(7)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PReluTangent_EqualsDoubleBackward(bool channelsLast)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var (x, tangent, slope) = (randn(2, 12, 5, 4), randn(2, 12, 5, 4), rand(12));
        var expected = Tangents.ByDoubleBackward(v => nn.functional.prelu(v, slope.to(ScalarType.Float64)), x, tangent);
        var actual = channelsLast
            ? Activation.PReluTangent(Compare.ChannelsLast(x), Compare.ChannelsLast(tangent), slope)
            : Activation.PReluTangent(x, tangent, slope);
        Compare.Close(expected, actual, 1e-6, "tangent");
    }

    [Fact]
    public void PRelu_WrongSlope_NamesShapes()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ShapeException>(() => Activation.PRelu(zeros(1, 4, 3, 3), zeros(3)));
        Assert.StartsWith("PReLU slope must have shape [4], got [3].", error.Message, StringComparison.Ordinal);
    }
}
