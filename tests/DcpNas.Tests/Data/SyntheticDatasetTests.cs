using System.Security.Cryptography;
using DcpNas.Data;

namespace DcpNas.Tests.Data;

public sealed class SyntheticDatasetTests
{
    [Fact]
    public void ReadPixels_FixedSeed_NeverChanges()
    {
        var data = new SyntheticDataset(1, 100, test: false);
        var pixels = new byte[100 * 3072];
        for (var i = 0; i < 100; i++)
        {
            data.ReadPixels(i, pixels.AsSpan(i * 3072));
        }

        Assert.Equal("8ccf084e87899baa74a535e9707741ba", Convert.ToHexStringLower(SHA256.HashData(pixels))[..32]);
    }

    [Fact]
    public void ReadPixels_AnotherSeedSplitOrIndex_GivesAnotherImage()
    {
        var images = new List<string>();
        foreach (var (seed, test, index) in new[] { (1, false, 3), (2, false, 3), (1, true, 3), (1, false, 13) })
        {
            var pixels = new byte[3072];
            new SyntheticDataset(seed, 20, test).ReadPixels(index, pixels);
            images.Add(Convert.ToBase64String(pixels));
        }

        Assert.Distinct(images);
    }

    [Fact]
    public void MeanColour_OfEachClass_IsTheSame()
    {
        var data = new SyntheticDataset(3, 10_000, test: false);
        var sums = new double[10];
        var pixels = new byte[3072];
        for (var i = 0; i < data.Count; i++)
        {
            data.ReadPixels(i, pixels);
            sums[data.Label(i)] += pixels.Average(value => (double)value) / 1000;
        }

        // Images differ by some 16 grey levels in their mean, a mean of 1000 by 0.5.
        Assert.InRange(sums.Max() - sums.Min(), 0, 3);
    }

    [Fact]
    public void Label_AnyHundred_IsBalanced()
    {
        var data = new SyntheticDataset(3, 1000, test: true);
        Assert.All(Enumerable.Range(0, 1000).CountBy(data.Label), label => Assert.Equal(100, label.Value));
        Assert.Equal(10, data.ClassNames.Count);
    }
}
