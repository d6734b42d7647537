using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DcpNas.Runtime.Kernels.Depthwise;

/// <summary>Turns bit-sliced counts, one word per binary digit, into sums.</summary>
internal static unsafe class DigitCounts
{
    private const int Step = 16;

    /// <summary><c>output[c] = bases[c] - 2 * count[c]</c> for the channels of a word.</summary>
    /// <param name="digits">The lowest digit.</param>
    /// <param name="pitch">Words between digits.</param>
    /// <param name="planes">Digits, at most 8.</param>
    /// <param name="bases">The sums without mismatches.</param>
    /// <param name="output">Receives the sums.</param>
    /// <param name="channels">Channels, at most 64.</param>
    /// <param name="isScalar">Whether to go without vector instructions.</param>
    public static void Subtract(ulong* digits, int pitch, int planes, short* bases, short* output, int channels, bool isScalar)
    {
        var channel = 0;
        if (!isScalar)
        {
            for (; channel + Step <= channels; channel += Step)
            {
                var (low, high) = Vector128.Widen(Sixteen(digits, pitch, planes, channel));
                (Vector128.Load(bases + channel) - (low << 1).AsInt16()).Store(output + channel);
                (Vector128.Load(bases + channel + (Step / 2)) - (high << 1).AsInt16()).Store(output + channel + (Step / 2));
            }
        }

        for (; channel < channels; channel++)
        {
            output[channel] = (short)(bases[channel] - (2 * One(digits, pitch, planes, channel)));
        }
    }

    /// <inheritdoc cref="Subtract(ulong*, int, int, short*, short*, int, bool)"/>
    public static void Subtract(ulong* digits, int pitch, int planes, short* bases, int* output, int channels)
    {
        for (var channel = 0; channel < channels; channel++)
        {
            output[channel] = bases[channel] - (2 * One(digits, pitch, planes, channel));
        }
    }

    private static int One(ulong* digits, int pitch, int planes, int channel)
    {
        var count = 0;
        for (var plane = 0; plane < planes; plane++)
        {
            count |= (int)((digits[plane * pitch] >> channel) & 1) << plane;
        }

        return count;
    }

    /// <summary>The counts of sixteen channels as bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Sixteen(ulong* digits, int pitch, int planes, int channel)
    {
        var spread = Vector128.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
        var bits = Vector128.Create(0x8040201008040201UL).AsByte();
        var counts = Vector128<byte>.Zero;
        for (var plane = planes - 1; plane >= 0; plane--)
        {
            var word = Vector128.CreateScalar(digits[plane * pitch] >> channel).AsByte();
            var isSet = Vector128.Equals(Vector128.Shuffle(word, spread) & bits, bits);
            counts = counts + counts - isSet; // a set lane is -1
        }

        return counts;
    }
}
