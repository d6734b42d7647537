namespace DcpNas.Operators.Kernels;

/// <summary>How a kernel's work is cut: by size alone, never by the number of threads, so that sums come out the same.</summary>
internal static class Chunks
{
    /// <summary>Floats that are computed together: those of the widest register. Narrower ones take them in parts.</summary>
    public const int Lanes = 16;

    private const long MinimumElements = 8192;
    private const int MaximumCount = 64;

    /// <summary>Floats of a register of this processor.</summary>
    private static int Register => Lanes16.AreInHardware ? Lanes16.Count : Lanes8.Count;

    /// <summary>Number of chunks for a sweep over this many elements.</summary>
    public static int Count(long elements) => (int)Math.Clamp(elements / MinimumElements, 1, MaximumCount);

    /// <summary>First of <paramref name="items"/> items that belongs to a chunk; the chunk ends where the next begins.</summary>
    public static long Start(long items, int chunks, int chunk) => items * chunk / chunks;

    /// <summary>How many of <paramref name="elements"/> elements whole vectors hold; what is left goes one by one.</summary>
    public static long Whole(long elements) => elements / Lanes * Lanes;

    /// <summary>Rounded up to a whole number of registers. What is added is zero and takes no part in a result, so that results do not depend on the processor.</summary>
    public static int RoundUp(int channels) => (channels + Register - 1) / Register * Register;

    /// <summary>
    /// Length of the repeating pattern of channels in channels-last memory: a multiple of both the channels and the vector, long enough
    /// that a running sum is not touched again before it has been stored.
    /// </summary>
    public static int Period(int channels)
    {
        var a = channels;
        var b = Lanes;
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        var common = channels / a * Lanes;
        return common * Math.Max(1, 128 / common);
    }
}
