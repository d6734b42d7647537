using CsCheck;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests.Model;

public class ThresholdsTests
{
    [Theory]
    [InlineData(1, 0, 0f, ThresholdRule.Below)]
    [InlineData(-1, 0, float.Epsilon, ThresholdRule.NotBelow)]
    [InlineData(2, -1, 0.5f, ThresholdRule.Below)]
    [InlineData(0, 3, float.NegativeInfinity, ThresholdRule.Below)]
    [InlineData(0, 0, float.NegativeInfinity, ThresholdRule.Below)]
    [InlineData(0, -3, float.NegativeInfinity, ThresholdRule.NotBelow)]
    public void OfAffine_OnSimpleFunctions_GivesTheSimpleThreshold(double scale, double shift, float threshold, ThresholdRule rule) =>
        Assert.Equal((threshold, rule), Thresholds.OfAffine(scale, shift));

    [Fact]
    public void OfAffine_AroundTheThreshold_EqualsTheSignInDoublePrecision()
    {
        var numbers = Gen.OneOf(Gen.Double[-2, 2], Gen.Double[-1e-30, 1e-30], Gen.Double[-1e30, 1e30], Gen.Float[-3, 3].Select(value => (double)value));
        Gen.Select(numbers, numbers).Sample((scale, shift) =>
        {
            var (threshold, rule) = Thresholds.OfAffine(scale, shift);
            float[] values =
            [
                threshold, MathF.BitIncrement(threshold), MathF.BitDecrement(threshold), MathF.BitDecrement(MathF.BitDecrement(threshold)),
                0, -0f, 1, -1, float.Epsilon, float.MaxValue, float.MinValue, (float)(-shift / scale),
            ];
            foreach (var value in values.Where(float.IsFinite))
            {
                Assert.Equal((scale * value) + shift < 0, value < threshold == (rule == ThresholdRule.Below));
            }
        }, iter: 20_000, threads: 1);
    }

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(1, double.PositiveInfinity)]
    public void OfAffine_OfNumbersThatAreNotFinite_IsRefused(double scale, double shift) =>
        Assert.Throws<ArgumentException>(() => Thresholds.OfAffine(scale, shift));

    [Fact]
    public void OfSums_OnAnyFunctionWithOneChange_AgreesEverywhere() =>
        Gen.Select(Gen.Int[0, 50], Gen.Int[-60, 60], Gen.Bool).Sample((bound, change, negativeBelow) =>
        {
            bool IsNegative(int sum) => sum < change == negativeBelow;
            var (threshold, rule) = Thresholds.OfSums(bound, IsNegative)!.Value;
            for (var sum = -bound; sum <= bound; sum++)
            {
                Assert.Equal(IsNegative(sum), sum < threshold == (rule == ThresholdRule.Below));
            }
        }, iter: 2000, threads: 1);

    [Fact]
    public void OfSums_OnAFunctionThatChangesTwice_GivesNone() => Assert.Null(Thresholds.OfSums(9, sum => sum is > -3 and < 4));

    [Fact]
    public void OfSums_AsksForEveryNumberOnce()
    {
        List<int> asked = [];
        Thresholds.OfSums(4, sum =>
        {
            asked.Add(sum);
            return false;
        });

        Assert.Equal(Enumerable.Range(-4, 9), asked);
    }
}
