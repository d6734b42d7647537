using DcpNas.Data;

namespace DcpNas.Tests.Search;

/// <summary>8 x 8 images of three classes that differ in the direction of their stripes; drawn from the index alone; the classes in turn, or one after the other as in a folder.</summary>
internal sealed class TinyDataset(int count, bool byClass = false) : IImageDataset
{
    public string Name => "tiny stripes";

    public int Count => count;

    public int Channels => 3;

    public int Height => 8;

    public int Width => 8;

    public IReadOnlyList<string> ClassNames { get; } = ["rows", "columns", "diagonals"];

    public int Label(int index) => byClass ? index * 3 / count : index % 3;

    public void ReadPixels(int index, Span<byte> chw)
    {
        var random = new SeededRandom(99, index);
        var phase = (int)random.Next(2);
        for (var i = 0; i < chw.Length; i++)
        {
            var (y, x) = (i / 8 % 8, i % 8);
            var stripe = (Label(index) switch { 0 => y, 1 => x, _ => x + y } + phase) / 2 % 2;
            chw[i] = (byte)((stripe * 120) + 40 + random.Next(60));
        }
    }

    public static DatasetPair Pair(int images = 96, bool byClass = false) => new(
        new TinyDataset(images, byClass), new TinyDataset(images, byClass), ChannelStatistics.Measure(new TinyDataset(images, byClass), images), AugmentationOptions.None with { CropPadding = 1, HorizontalFlip = false });
}
