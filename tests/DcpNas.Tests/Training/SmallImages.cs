using DcpNas.Data;

namespace DcpNas.Tests.Training;

/// <summary>16 x 16 images of three classes that differ in the direction of their stripes; drawn from the index alone.</summary>
internal sealed class SmallImages(int count, int side = 16, string name = "small stripes", string[]? classes = null) : IImageDataset
{
    public string Name => name;

    public int Count => count;

    public int Channels => 3;

    public int Height => side;

    public int Width => side;

    public IReadOnlyList<string> ClassNames { get; } = classes ?? ["rows", "columns", "diagonals"];

    public int Label(int index) => index % ClassNames.Count;

    public void ReadPixels(int index, Span<byte> chw)
    {
        var random = new SeededRandom(99, index);
        var phase = (int)random.Next(2);
        for (var i = 0; i < chw.Length; i++)
        {
            var (y, x) = (i / side % side, i % side);
            var stripe = (Label(index) switch { 0 => y, 1 => x, _ => x + y } + phase) / 2 % 2;
            chw[i] = (byte)((stripe * 120) + 40 + random.Next(60));
        }
    }

    public static DatasetPair Pair(int images = 60, int side = 16, string[]? classes = null)
    {
        var train = new SmallImages(images, side, classes: classes);
        return new DatasetPair(train, new SmallImages(12, side, classes: classes), ChannelStatistics.Measure(train, images), new AugmentationOptions { CropPadding = 1 });
    }
}
