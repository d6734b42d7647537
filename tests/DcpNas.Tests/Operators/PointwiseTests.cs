using DcpNas.Operators;
using static TorchSharp.torch;

namespace DcpNas.Tests.Operators;

public class PointwiseTests
{
    [Theory]
    [InlineData(16, 16, 8, 8, 1)]
    [InlineData(48, 16, 9, 7, 1)]
    [InlineData(5, 7, 3, 3, 1)]
    [InlineData(12, 36, 5, 4, 1)]
    [InlineData(64, 64, 4, 4, 1)]
    [InlineData(33, 20, 5, 7, 2)]
    [InlineData(16, 32, 8, 8, 2)]
    [InlineData(16, 9, 1, 1, 2)]
    public void Pointwise_ChannelsLast_EqualsFloat64(int channels, int outputs, int height, int width, int stride)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = Compare.ChannelsLast(randn(5, channels, height, width));
        var w = randn(outputs, channels, 1, 1);
        Compare.Same(a => Convolution.Pointwise(a[0], a[1], stride), a => nn.functional.conv2d(a[0].contiguous(), a[1], strides: [stride, stride]), [x, w]);
        Assert.True(Compare.IsChannelsLast(Convolution.Pointwise(x, w, stride)));
    }

    [Fact]
    public void Pointwise_ManyRows_EqualsFloat64()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = Compare.ChannelsLast(randn(64, 20, 17, 13));
        var w = randn(18, 20, 1, 1);
        Compare.Same(a => Convolution.Pointwise(a[0], a[1], 1), a => nn.functional.conv2d(a[0].contiguous(), a[1]), [x, w]);
    }

    [Fact]
    public void Pointwise_Contiguous_EqualsFloat64()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        Compare.Same(a => Convolution.Pointwise(a[0], a[1], 2), a => nn.functional.conv2d(a[0], a[1], strides: [2, 2]), [randn(2, 6, 5, 5), randn(4, 6, 1, 1)]);
    }

    [Fact]
    public void Pointwise_TwoThreads_SameBitsAsOne()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        Tensor[] arguments = [Compare.ChannelsLast(randn(40, 16, 16, 16)), randn(16, 16, 1, 1)];
        var (one, oneGradients) = Compare.Run(a => Convolution.Pointwise(a[0], a[1], 1), arguments);
        set_num_threads(2);
        var (two, twoGradients) = Compare.Run(a => Convolution.Pointwise(a[0], a[1], 1), arguments);
        set_num_threads(1);
        Assert.True(one.eq(two).all().item<bool>());
        Assert.All(oneGradients.Zip(twoGradients), pair => Assert.True(pair.First.eq(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void Pointwise_WrongWeight_NamesShapes()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ShapeException>(() => Convolution.Pointwise(zeros(1, 4, 3, 3), zeros(5, 3, 1, 1), 1));
        Assert.StartsWith("pointwise weight must have shape [*, 4, 1, 1], got [5, 3, 1, 1].", error.Message, StringComparison.Ordinal);
    }
}
