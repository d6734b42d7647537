using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests.Model;

public class SignWeightsTests
{
    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(2, 64, 3)]
    [InlineData(5, 65, 2)]
    [InlineData(1, 130, 3)]
    public void PackDense_KeepsEverySign(int outputs, int inputs, int kernel)
    {
        var weights = new Draw(1).Reals(outputs * inputs * kernel * kernel);
        var packed = SignWeights.PackDense(weights, outputs, inputs, kernel);

        var place = 0;
        for (var output = 0; output < outputs; output++)
        {
            for (var input = 0; input < inputs; input++)
            {
                for (var ky = 0; ky < kernel; ky++)
                {
                    for (var kx = 0; kx < kernel; kx++)
                    {
                        Assert.Equal(weights[place++] >= 0 ? 1 : -1, packed[output, input, ky, kx]); // -0 >= 0: zero of either sign is +1
                    }
                }
            }
        }

        Assert.Equal(weights.Length, packed.Count);
        Assert.Equal(outputs * kernel * kernel * ((inputs + 63) / 64), packed.Words.Length);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(65, 5)]
    [InlineData(128, 1)]
    public void PackDepthwise_KeepsEverySign(int channels, int kernel)
    {
        var weights = new Draw(2).Reals(channels * kernel * kernel);
        var packed = SignWeights.PackDepthwise(weights, channels, kernel);

        for (var i = 0; i < weights.Length; i++)
        {
            var (channel, tap) = (i / (kernel * kernel), i % (kernel * kernel));
            Assert.Equal(weights[i] >= 0 ? 1 : -1, packed[channel, 0, tap / kernel, tap % kernel]);
        }

        Assert.Equal(weights.Length, packed.Count);
        Assert.Equal(kernel * kernel * ((channels + 63) / 64), packed.Words.Length);
    }

    [Fact]
    public void PackDense_OfWrongLength_SaysWhatFits() => Assert.StartsWith(
        "Weights must have 18 elements, got 17.",
        Assert.Throws<ArgumentException>(() => SignWeights.PackDense(new float[17], 1, 2, 3)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void PackDepthwise_OfNaN_IsRefused() => Assert.StartsWith(
        "Weights must have a sign, got NaN.",
        Assert.Throws<ArgumentException>(() => SignWeights.PackDepthwise([1, float.NaN], 2, 1)).Message,
        StringComparison.Ordinal);
}
