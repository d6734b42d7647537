namespace DcpNas.Tests.Foundation;

/// <summary>Ranges: what they hold, and their words in messages and in the help.</summary>
public sealed class OptionRangeTests
{
    private const double None = double.NaN;

    [Theory]
    [InlineData(0, None, false, false, "at least 0", "0 or more")]
    [InlineData(0, None, true, false, "above 0", "above 0")]
    [InlineData(0, 1, false, false, "in [0, 1]", "0 to 1")]
    [InlineData(0, 1, false, true, "in [0, 1)", "0 to below 1")]
    [InlineData(0, 0.5, true, false, "above 0 and at most 0.5", "above 0 to 0.5")]
    [InlineData(0, 1, true, true, "above 0 and below 1", "above 0 to below 1")]
    [InlineData(None, 9, false, false, "at most 9", "at most 9")]
    [InlineData(None, 9, false, true, "below 9", "below 9")]
    public void Rule_OfARange_IsInTheWordsOfMessagesAndHelp(double least, double most, bool excludesLeast, bool excludesMost, string rule, string help)
    {
        var range = new OptionRange(least, most, excludesLeast, excludesMost, IsFinite: false);

        Assert.Equal(rule, range.Rule(isWhole: false, reason: null));
        Assert.Equal(help, range.ToString());
    }

    [Fact]
    public void Rule_OfWholeNumbers_SaysWhyNotLess()
    {
        Assert.Equal("from 3 (a reason) to 100000", new OptionRange(3, 100_000, false, false, false).Rule(isWhole: true, "a reason"));
        Assert.Equal("at least 2 (a reason)", new OptionRange(2, None, false, false, false).Rule(isWhole: true, "a reason"));
    }

    [Fact]
    public void Contains_OfBoundsInfinityAndNaN_FollowsTheRange()
    {
        var share = new OptionRange(0, 1, ExcludesLeast: false, ExcludesMost: true, IsFinite: false);
        Assert.Equal([true, false, false, false], new[] { 0, 1, -double.Epsilon, double.NaN }.Select(share.Contains));

        var weight = new OptionRange(0, None, ExcludesLeast: false, ExcludesMost: false, IsFinite: true);
        Assert.Equal([true, false, false], new[] { 1e300, double.PositiveInfinity, double.NaN }.Select(weight.Contains));
        Assert.True((weight with { IsFinite = false }).Contains(double.PositiveInfinity));

        Assert.Equal("", new OptionRange(None, None, false, false, false).ToString());
        Assert.True(new OptionRange(None, None, false, false, false).Contains(double.NaN));
    }
}
