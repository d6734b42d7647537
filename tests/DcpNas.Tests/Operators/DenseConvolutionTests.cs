using DcpNas.Networks;
using DcpNas.Operators;
using DcpNas.Tests.Networks;
using static TorchSharp.torch;

namespace DcpNas.Tests.Operators;

public class DenseConvolutionTests
{
    [Theory]
    [InlineData(2, 12, 28, 3, 1)]
    [InlineData(24, 48, 14, 3, 2)]
    [InlineData(12, 24, 7, 3, 2)]
    [InlineData(3, 8, 16, 7, 2)]
    public void Full_OfEitherMemoryOrder_EqualsFloat64AndIsChannelsLast(int channels, int outputs, int side, int kernel, int stride)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var (plain, weight, padding) = (randn(4, channels, side, side), randn(outputs, channels, kernel, kernel), (kernel - 1) / 2);
        foreach (var input in (Tensor[])[plain, Compare.ChannelsLast(plain)])
        {
            Compare.Same(a => Convolution.Full(a[0], a[1], stride), a => nn.functional.conv2d(a[0].contiguous(), a[1], strides: [stride, stride], padding: [padding, padding]), [input, weight]);
            Assert.True(Compare.IsChannelsLast(Convolution.Full(input, weight, stride)));
        }
    }

    /// <summary>Without the gradient to the images, which nobody asks for: libtorch 2.10 itself has it wrong where they have one channel.</summary>
    [Fact]
    public void Full_OfOneChannel_EqualsFloat64AndIsChannelsLast()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var image = randn(4, 1, 28, 28);
        Compare.Same(a => Convolution.Full(image, a[0], 1), a => nn.functional.conv2d(image.to(a[0].dtype), a[0], padding: [1, 1]), [randn(12, 1, 3, 3)]);
        Assert.True(Compare.IsChannelsLast(Convolution.Full(image, randn(12, 1, 3, 3), 1)));
    }

    /// <summary>Of planes of 24 channels oneDNN reads memory that it has not written; after numbers that are none it gave them back.</summary>
    [Theory]
    [InlineData(NetworkNames.Cells)]
    [InlineData(NetworkNames.BiRealNet18)]
    [InlineData(NetworkNames.ReActNetA)]
    public void Run_OfGrayImagesAfterMemoryOfNaN_IsFiniteAndChannelsLast(string architecture)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var backbone = NetworkCatalog.Create(Examples.Of(architecture) with { Channels = 12, ImageChannels = 1, ImageHeight = 28, ImageWidth = 28 });
        backbone.eval();
        for (var round = 0; round < 4; round++)
        {
            using var inner = NewDisposeScope();
            for (var size = 64; size < 2_000_000; size *= 2)
            {
                using var poison = full(size, float.NaN);
            }

            Assert.All(backbone.Run(randn(32, 1, 28, 28)).Stages, stage =>
            {
                Assert.True(Compare.IsChannelsLast(stage), $"stage of {string.Join(" x ", stage.shape)}");
                Assert.Equal(0, stage.isfinite().logical_not().sum().item<long>());
            });
        }
    }
}
