using DcpNas.Binarization;
using DcpNas.Export;
using DcpNas.Operators;
using DcpNas.Runtime.Model;
using static TorchSharp.torch;

namespace DcpNas.Tests.Export;

/// <summary>Folded rules against the operators of the training graph, over every sum of a channel.</summary>
public class ThresholdFoldingTests
{
    [Theory]
    [InlineData(3, 40, 1)]
    [InlineData(5, 33, 2)]
    [InlineData(1, 7, 3)]
    public void OfSums_OverAllSums_DecidesAsTheOperatorsInFloat64(int kernel, int channels, int seed)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(seed);
        var (filter, norm, slope) = Draw(kernel, channels);
        var (thresholds, rules) = ThresholdFolding.OfSums(filter, norm, slope);

        var found = Signs(filter, thresholds, rules);
        var exact = Operators(filter, norm, slope, ScalarType.Float64);
        var single = Operators(filter, norm, slope, ScalarType.Float32);

        Assert.Equal(exact, found);
        Assert.InRange(single.Zip(found).Count(pair => pair.First != pair.Second), 0, found.Length / 1000); // float32 rounds: ThresholdFolding says which is the true one
        Assert.Contains(-1.0, found);
        Assert.Contains(1.0, found);
    }

    [Theory]
    [InlineData(1f, 0.25f, 3, -1)]
    [InlineData(-1f, 0.25f, 3, 1)]
    [InlineData(1f, -0.25f, 3, 1)]
    [InlineData(1f, 0f, 3, 1)]
    public void OfSums_AtATie_IsPlusOneAndBelowItAsTheSignsSay(float weight, float slope, int tie, int below)
    {
        // beta times the tie is the mean, exactly: 0.25 * 3 = 0.75.
        var filter = new Filter("layer", ConvolutionShape.OfDepthwise(1, 3, 1, 1), new float[9], [0.25f]);
        var norm = new ChannelNorm([weight], [0], [0.25f * tie], [0.7f]);
        var (thresholds, rules) = ThresholdFolding.OfSums(filter, norm, [slope]);

        Assert.Equal(1, Sign(tie, thresholds[0], rules[0]));
        Assert.Equal(below, Sign(tie - 1, thresholds[0], rules[0]));
    }

    [Fact]
    public void OfReals_WhereTheSlopeLetsNothingNegativeThrough_IsConstant()
    {
        var (thresholds, rules) = ThresholdFolding.OfReals(2, _ => 1, _ => -3, [-0.5f, 0.5f]);

        Assert.Equal([float.NegativeInfinity, 3], thresholds);
        Assert.Equal([ThresholdRule.Below, ThresholdRule.Below], rules);
    }

    private static (Filter Filter, ChannelNorm Norm, float[] Slope) Draw(int kernel, int channels)
    {
        var beta = (rand(channels) + 0.01).data<float>().ToArray();
        var norm = new ChannelNorm(Normal(1), Normal(1), Normal(kernel * 0.3), (rand(channels) * 4).data<float>().ToArray());
        norm.Weight[0] = 0;
        return (new Filter("layer", ConvolutionShape.OfDepthwise(channels, kernel, 1, 1), new float[channels * kernel * kernel], beta), norm, Normal(1));

        float[] Normal(double spread) => (randn(channels) * spread).data<float>().ToArray();
    }

    /// <summary>The signs of all sums: <c>[sum][channel]</c>.</summary>
    private static double[] Signs(Filter filter, int[] thresholds, ThresholdRule[] rules) =>
        [.. Sums(filter).SelectMany(sum => thresholds.Select((threshold, channel) => (double)Sign(sum, threshold, rules[channel])))];

    private static double[] Operators(Filter filter, ChannelNorm norm, float[] slope, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var sums = tensor(Sums(filter).Select(sum => (double)sum).ToArray(), type).view(-1, 1, 1, 1);
        var state = new NormalizationState(Of(norm.Weight), Of(norm.Bias), Of(norm.Mean), Of(norm.Variance), Training: false);
        var values = (sums * Of(filter.Beta!).view(1, -1, 1, 1)).contiguous();
        return Normalization.Apply(values, state, slope: Of(slope), sign: SignEstimator.BiReal).to(ScalarType.Float64).flatten().data<double>().ToArray();

        Tensor Of(float[] numbers) => tensor(numbers, type);
    }

    private static IEnumerable<int> Sums(Filter filter) => Enumerable.Range(-filter.Terms, (2 * filter.Terms) + 1);

    private static int Sign(int sum, int threshold, ThresholdRule rule) => sum < threshold == (rule == ThresholdRule.Below) ? -1 : 1;
}
