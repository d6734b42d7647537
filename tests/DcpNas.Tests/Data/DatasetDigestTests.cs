using DcpNas.Data;
using DcpNas.Tests.Training;

namespace DcpNas.Tests.Data;

/// <summary>The name of the contents of a data set.</summary>
public class DatasetDigestTests
{
    [Fact]
    public void Of_TheSameImages_IsTheSameAndOfOthersAnother()
    {
        var digest = DatasetDigest.Of(SmallImages.Pair());

        Assert.StartsWith("sha256:", digest, StringComparison.Ordinal);
        Assert.Equal("sha256:".Length + 64, digest.Length);
        Assert.Equal(digest, DatasetDigest.Of(SmallImages.Pair()));
        string[] others = [DatasetDigest.Of(SmallImages.Pair(images: 59)), DatasetDigest.Of(SmallImages.Pair(side: 20)), DatasetDigest.Of(Changed(pixel: true)), DatasetDigest.Of(Changed(pixel: false))];
        Assert.Equal(5, others.Append(digest).Distinct().Count());
    }

    /// <summary>The same images but for one pixel, or one label.</summary>
    private static DatasetPair Changed(bool pixel)
    {
        var pair = SmallImages.Pair();
        var (train, size) = (pair.Train, pair.Train.BytesPerImage);
        var pixels = new byte[train.Count * size];
        var labels = new byte[train.Count];
        for (var i = 0; i < train.Count; i++)
        {
            train.ReadPixels(i, pixels.AsSpan(i * size, size));
            labels[i] = (byte)train.Label(i);
        }

        pixels[100] ^= (byte)(pixel ? 1 : 0);
        labels[7] = (byte)(pixel ? labels[7] : (labels[7] + 1) % 3);
        return pair with { Train = new InMemoryDataset(train.Name, train.ClassNames, train.Channels, train.Height, train.Width, pixels, labels) };
    }
}
