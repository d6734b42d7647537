using DcpNas.Operators;
using static TorchSharp.torch;

namespace DcpNas.Tests.Operators;

public class PoolingTests
{
    public static TheoryData<int, int, int, int> Sizes()
    {
        var data = new TheoryData<int, int, int, int>();
        foreach (var stride in (int[])[1, 2])
        {
            foreach (var (channels, height, width) in ((int, int, int)[])[(16, 8, 8), (5, 9, 7), (36, 1, 1), (32, 2, 2), (12, 3, 4), (20, 4, 3), (16, 1, 5), (16, 5, 1)])
            {
                data.Add(channels, height, width, stride);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Pools_ChannelsLast_EqualFloat64(int channels, int height, int width, int stride)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = Compare.ChannelsLast(randn(3, channels, height, width));
        Compare.Same(a => Pooling.Max3x3(a[0], stride), a => nn.functional.max_pool2d(a[0].contiguous(), 3, stride, 1), [x]);
        Compare.Same(a => Pooling.Avg3x3(a[0], stride), a => nn.functional.avg_pool2d(a[0].contiguous(), 3, stride, 1, count_include_pad: false), [x]);
        Assert.True(Compare.IsChannelsLast(Pooling.Max3x3(x, stride)));
        Assert.True(Compare.IsChannelsLast(Pooling.Avg3x3(x, stride)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Max3x3_Ties_GoToTheFirstAsInLibtorch(int stride)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = Compare.ChannelsLast(randint(-1, 2, [2, 17, 9, 8]).to(ScalarType.Float32));
        Compare.Same(a => Pooling.Max3x3(a[0], stride), a => nn.functional.max_pool2d(a[0].contiguous(), 3, stride, 1), [x]);
    }

    [Fact]
    public void Max3x3_NaN_StaysVisible()
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = Compare.ChannelsLast(zeros(1, 16, 5, 5));
        x[0, 3, 2, 2] = float.NaN;
        Assert.Equal(9, Pooling.Max3x3(x, 1).isnan().to(ScalarType.Int32).sum().item<long>());
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public void Max3x3Tangent_EqualsDoubleBackward(int stride, bool channelsLast)
    {
        Compare.Prepare();
        using var scope = NewDisposeScope();
        var x = randn(2, 19, 7, 6);
        var tangent = randn(2, 19, 7, 6);
        var expected = Tangents.ByDoubleBackward(v => nn.functional.max_pool2d(v, 3, stride, 1), x, tangent);
        var actual = channelsLast ? Pooling.Max3x3Tangent(Compare.ChannelsLast(x), Compare.ChannelsLast(tangent), stride) : Pooling.Max3x3Tangent(x, tangent, stride);
        Compare.Close(expected, actual, 1e-6, "tangent");
    }
}
