using DcpNas.Operators;
using static TorchSharp.torch;

namespace DcpNas.Tests.Operators;

public class DepthwiseTests
{
    public static TheoryData<int, int, int, int, int, int> Cases()
    {
        var data = new TheoryData<int, int, int, int, int, int>();
        foreach (var kernel in (int[])[1, 3, 5, 7])
        {
            foreach (var stride in (int[])[1, 2])
            {
                foreach (var dilation in (int[])[1, 2])
                {
                    data.Add(16, 8, 9, kernel, stride, dilation);
                    data.Add(5, 19, 17, kernel, stride, dilation);
                    data.Add(36, 4, 3, kernel, stride, dilation);
                    data.Add(32, 1, 2, kernel, stride, dilation);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Depthwise_ChannelsLast_EqualsFloat64(int channels, int height, int width, int kernel, int stride, int dilation)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = Compare.ChannelsLast(randn(3, channels, height, width));
        var w = randn(channels, 1, kernel, kernel);
        Compare.Same(a => Convolution.Depthwise(a[0], a[1], stride, dilation), a => Plain(a[0], a[1], stride, dilation), [x, w]);
        Assert.True(Compare.IsChannelsLast(Convolution.Depthwise(x, w, stride, dilation)));
    }

    [Fact]
    public void Depthwise_Contiguous_EqualsFloat64()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        Compare.Same(a => Convolution.Depthwise(a[0], a[1], 2, 2), a => Plain(a[0], a[1], 2, 2), [randn(3, 7, 9, 8), randn(7, 1, 3, 3)]);
    }

    [Fact]
    public void Depthwise_TwoThreads_SameBitsAsOne()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = Compare.ChannelsLast(randn(40, 16, 12, 12));
        var w = randn(16, 1, 5, 5);
        var (one, oneGradients) = Compare.Run(a => Convolution.Depthwise(a[0], a[1], 1, 1), [x, w]);
        set_num_threads(2);
        for (var repeat = 0; repeat < 20; repeat++)
        {
            using var inner = NewDisposeScope();
            var (two, twoGradients) = Compare.Run(a => Convolution.Depthwise(a[0], a[1], 1, 1), [x, w]);
            Assert.True(one.eq(two).all().item<bool>());
            Assert.True(oneGradients[0].eq(twoGradients[0]).all().item<bool>());
            Assert.True(oneGradients[1].eq(twoGradients[1]).all().item<bool>());
        }

        set_num_threads(1);
    }

    [Fact]
    public void Depthwise_OnlyWeightWanted_GivesWeightGradient()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = Compare.ChannelsLast(randn(2, 16, 8, 8));
        var w = randn(16, 1, 3, 3).requires_grad_();
        Convolution.Depthwise(x, w, 1, 1).sum().backward();
        var expected = w.detach().to(ScalarType.Float64).requires_grad_();
        Plain(x.to(ScalarType.Float64), expected, 1, 1).sum().backward();
        Compare.Close(expected.grad!, w.grad!, 1e-5, "weight gradient");
    }

    [Fact]
    public void Depthwise_SecondOrder_CanBeDifferentiatedTwice()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        using var second = GradientOrder.UseSecond();
        var x = Compare.ChannelsLast(randn(2, 4, 5, 5)).requires_grad_();
        var w = randn(4, 1, 3, 3).requires_grad_();
        var loss = Convolution.Depthwise(x, w, 1, 1).pow(2).sum();
        var first = autograd.grad([loss], [w], retain_graph: true, create_graph: true)[0];
        var gg = autograd.grad([first.sum()], [x])[0];
        Assert.True(gg.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void Depthwise_WrongWeight_NamesShapes()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ShapeException>(() => Convolution.Depthwise(zeros(1, 4, 3, 3), zeros(5, 1, 3, 3), 1, 1));
        Assert.StartsWith("depthwise weight must have shape [4, 1, *, 3], got [5, 1, 3, 3].", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Plain(Tensor x, Tensor w, int stride, int dilation)
    {
        var padding = dilation * (w.shape[2] - 1) / 2;
        return nn.functional.conv2d(x.contiguous(), w, strides: [stride, stride], padding: [padding, padding], dilation: [dilation, dilation], groups: x.shape[1]);
    }
}
