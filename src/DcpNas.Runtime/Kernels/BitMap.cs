namespace DcpNas.Runtime.Kernels;

/// <summary>A map of signs, one bit each (<see cref="BitShape"/> tells the layout and what a bit means).</summary>
internal sealed class BitMap
{
    /// <summary>Creates a map of +1.</summary>
    /// <param name="shape">Its size.</param>
    public BitMap(BitShape shape)
    {
        Shape = shape;
        Words = new ulong[shape.WordCount];
    }

    /// <summary>The size.</summary>
    public BitShape Shape { get; }

    /// <summary>The words, in the order of <see cref="BitShape"/>.</summary>
    public ulong[] Words { get; }

    /// <summary>Whether the sign of a channel of a pixel is -1.</summary>
    public bool this[int y, int x, int channel]
    {
        get => ((Words[Shape.IndexOf(y, channel / BitShape.BlockChannels, x)] >> channel) & 1) != 0;
        set
        {
            ref var word = ref Words[Shape.IndexOf(y, channel / BitShape.BlockChannels, x)];
            var bit = 1UL << channel;
            word = value ? word | bit : word & ~bit;
        }
    }
}
