namespace DcpNas.Runtime.Kernels.Depthwise;

/// <summary>Turns bit-sliced counts, one word per binary digit, into numbers.</summary>
internal static unsafe class DigitCounts
{
    // The bits of a byte, each in a byte of its own.
    private static readonly ulong[] Spread = [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate(0UL, (all, bit) => all | ((ulong)((value >> bit) & 1) << (8 * bit))))];

    /// <summary>Writes the 64 counts of a word as bytes.</summary>
    /// <param name="digits">The lowest digit.</param>
    /// <param name="pitch">Words between digits.</param>
    /// <param name="planes">Digits, at most 8.</param>
    /// <param name="counts">Receives 64 bytes.</param>
    public static void Bytes(ulong* digits, int pitch, int planes, ulong* counts)
    {
        for (var group = 0; group < 8; group++)
        {
            var all = 0UL;
            for (var plane = 0; plane < planes; plane++)
            {
                all += Spread[(byte)(digits[plane * pitch] >> (8 * group))] << plane;
            }

            counts[group] = all;
        }
    }

    /// <summary><c>output = bases - 2 * counts</c>.</summary>
    public static void Subtract(short* bases, byte* counts, short* output, int count)
    {
        for (var index = 0; index < count; index++)
        {
            output[index] = (short)(bases[index] - (2 * counts[index]));
        }
    }

    /// <inheritdoc cref="Subtract(short*, byte*, short*, int)"/>
    public static void Subtract(short* bases, byte* counts, int* output, int count)
    {
        for (var index = 0; index < count; index++)
        {
            output[index] = bases[index] - (2 * counts[index]);
        }
    }
}
