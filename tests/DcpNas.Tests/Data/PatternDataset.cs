using DcpNas.Data;

namespace DcpNas.Tests.Data;

/// <summary>Images that are known in advance: pixel = (37 * index + 11 * channel + 5 * row + 3 * column) mod 256, label = index mod classes.</summary>
internal sealed class PatternDataset(int count, int channels = 3, int height = 8, int width = 8, int classes = 10, Action<int>? onRead = null) : IImageDataset
{
    public string Name => "pattern";

    public int Count => count;

    public int Channels => channels;

    public int Height => height;

    public int Width => width;

    public IReadOnlyList<string> ClassNames { get; } = [.. Enumerable.Range(0, classes).Select(i => $"c{i}")];

    public static byte Pixel(int index, int channel, int row, int column) => (byte)((37 * index) + (11 * channel) + (5 * row) + (3 * column));

    public int Label(int index) => index % classes;

    public void ReadPixels(int index, Span<byte> chw)
    {
        onRead?.Invoke(index);
        var i = 0;
        for (var channel = 0; channel < channels; channel++)
        {
            for (var row = 0; row < height; row++)
            {
                for (var column = 0; column < width; column++)
                {
                    chw[i++] = Pixel(index, channel, row, column);
                }
            }
        }
    }
}
