using System.Runtime.CompilerServices;

namespace DcpNas.Runtime.Kernels.Fixed;

/// <summary>Where the bits of some channels of a row go.</summary>
internal readonly unsafe struct FixedMark
{
    private readonly ulong _flip;
    private readonly int _shift;

    /// <summary>Prepares the place.</summary>
    /// <param name="words">The words of the block of the channels, one per pixel; or null where no bits are wanted.</param>
    /// <param name="flip">Of the block: which comparisons are turned round.</param>
    /// <param name="channel">The first channel.</param>
    /// <param name="count">Channels.</param>
    public FixedMark(ulong* words, ulong flip, int channel, int count)
    {
        Words = words;
        _shift = channel % BitShape.BlockChannels;
        _flip = (flip >> _shift) & (ulong.MaxValue >> (BitShape.BlockChannels - count));
    }

    /// <summary>The words, or null.</summary>
    public ulong* Words { get; }

    /// <summary>Adds the bits of a pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add<TLanes, T>(T value, T levels, int x)
        where TLanes : struct, IShortLanes<T>
        where T : struct => Words[x] |= (TLanes.LessThan(value, levels) ^ _flip) << _shift;
}
