using DcpNas.Data;

namespace DcpNas.Tests.Search;

/// <summary>16 x 16 images of noise whose three channels are equally bright on average: that of the class has its light in two spots, the others in sixteen faint ones.</summary>
/// <remarks>
/// A mean sees no difference, and a 1-bit convolution sees a spot as it sees any pixel above the mean. A maximum keeps the spot and makes it larger, at every layer again: <c>max_pool_3x3</c> is the best
/// operation for every edge. Images lie class by class, as in a folder.
/// </remarks>
internal sealed class SpotDataset(int images, long seed) : IImageDataset
{
    private const int Side = 16, Light = 320, Classes = 3;

    public string Name => "spots";

    public int Count => images;

    public int Channels => Classes;

    public int Height => Side;

    public int Width => Side;

    public IReadOnlyList<string> ClassNames { get; } = ["red", "green", "blue"];

    public static DatasetPair Pair(int images)
    {
        var train = new SpotDataset(images, 1);
        return new(train, new SpotDataset(images, 2), ChannelStatistics.Measure(train, images), AugmentationOptions.None);
    }

    public int Label(int index) => index / (images / Classes);

    public void ReadPixels(int index, Span<byte> chw)
    {
        var random = new SeededRandom(seed, index);
        for (var i = 0; i < chw.Length; i++)
        {
            chw[i] = (byte)(82 + random.Next(36)); // deviation 10
        }

        for (var channel = 0; channel < Classes; channel++)
        {
            var spots = channel == Label(index) ? 2 : 16;
            for (var spot = 0; spot < spots; spot++)
            {
                ref var pixel = ref chw[(channel * Side * Side) + (int)random.Next(Side * Side)];
                pixel = (byte)Math.Min(255, pixel + (Light / spots));
            }
        }
    }
}
