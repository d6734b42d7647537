namespace DcpNas.Runtime.Tests.Images;

public class PixelNormalizationTests
{
    [Fact]
    public void Table_OfTwoChannels_HoldsTheFormulaForEveryValue()
    {
        var table = PixelNormalization.Table([0.4914, 0], [0.2470, 1]);

        Assert.Equal(2 * PixelNormalization.Values, table.Length);
        for (var value = 0; value < PixelNormalization.Values; value++)
        {
            Assert.Equal((float)(((value / 255.0) - 0.4914) / 0.2470), table[value]);
            Assert.Equal((float)(value / 255.0), table[PixelNormalization.Values + value]);
            Assert.Equal(table[value], PixelNormalization.Normalize(value, 0.4914, 0.2470));
        }
    }

    [Fact]
    public void Table_WithoutADeviation_IsRefused() =>
        Assert.StartsWith("There must be a deviation for each of 2 means, got 1.", Assert.Throws<ArgumentException>(() => PixelNormalization.Table([0, 0], [1])).Message, StringComparison.Ordinal);
}
