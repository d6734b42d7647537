namespace DcpNas.Runtime.Kernels;

/// <summary>The size of a map of signs, and where each sign lies.</summary>
/// <remarks>
/// Words lie in the order <c>[y][block of 64 channels][x]</c>, rows first, without padding; channel <c>c</c> is bit <c>c % 64</c> of block <c>c / 64</c>.
/// A bit of 1 stands for -1, a bit of 0 for +1; the bits of channels that the last block does not have are 0.
/// </remarks>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Width">Pixels of a row, at least 1.</param>
/// <param name="Channels">Channels, at least 1.</param>
internal readonly record struct BitShape(int Height, int Width, int Channels)
{
    /// <summary>Channels of one word.</summary>
    public const int BlockChannels = 64;

    /// <summary>Words of one pixel.</summary>
    public int Blocks => BlocksOf(Channels);

    /// <summary>Words of one row of pixels.</summary>
    public int RowWords => checked(Blocks * Width);

    /// <summary>Words of the whole map.</summary>
    public int WordCount => checked(Height * RowWords);

    /// <summary>The bits of the last block that belong to a channel.</summary>
    public ulong TailMask => MaskOf(Channels, Blocks - 1);

    /// <summary>Words that hold so many channels.</summary>
    public static int BlocksOf(int channels) => (int)(((long)channels + BlockChannels - 1) / BlockChannels);

    /// <summary>The bits of a block that belong to one of so many channels.</summary>
    public static ulong MaskOf(int channels, int block)
    {
        var left = channels - (block * BlockChannels);
        return left >= BlockChannels ? ulong.MaxValue : (1UL << left) - 1;
    }

    /// <summary>The place of a word.</summary>
    public int IndexOf(int y, int block, int x) => (((y * Blocks) + block) * Width) + x;
}
