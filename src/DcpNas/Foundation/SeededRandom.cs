using System.Buffers.Binary;
using System.Numerics;

namespace DcpNas.Foundation;

/// <summary>Pseudo-random numbers that are the same on every platform and in every version of .NET.</summary>
/// <remarks>
/// xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018). The 256-bit state is drawn from SplitMix64,
/// whose own state starts at 0 and, for each key in turn, becomes <c>mix(state ^ key)</c>; so a stream is named by a list of keys such as
/// (seed, epoch, index), and nearby keys give unrelated streams. Not thread-safe.
/// </remarks>
public sealed class SeededRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Creates the stream that the keys name.</summary>
    public SeededRandom(params ReadOnlySpan<long> keys) => Reseed(keys);

    /// <summary>Moves to the start of the stream that the keys name; allocates nothing.</summary>
    public void Reseed(params ReadOnlySpan<long> keys)
    {
        ulong state = 0;
        foreach (var key in keys)
        {
            state ^= unchecked((ulong)key);
            state = SplitMix64.Next(ref state);
        }

        _s0 = SplitMix64.Next(ref state);
        _s1 = SplitMix64.Next(ref state);
        _s2 = SplitMix64.Next(ref state);
        _s3 = SplitMix64.Next(ref state);
    }

    /// <summary>A seed for a generator that reads 32 bits of one, as libtorch's on the CPU does: what stands above them is lost there.</summary>
    public static long TorchSeed(params ReadOnlySpan<long> keys) => (long)(new SeededRandom(keys).NextUInt64() >> 32);

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A whole number from 0 to <paramref name="bound"/> - 1, each equally likely.</summary>
    /// <param name="bound">At least 1.</param>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);

        // Numbers at or above the largest multiple of bound are drawn again; otherwise small results would be a little likelier.
        var limit = ulong.MaxValue - (ulong.MaxValue % (ulong)bound);
        ulong drawn;
        do
        {
            drawn = NextUInt64();
        }
        while (drawn >= limit);
        return (int)(drawn % (ulong)bound);
    }

    /// <summary>A number in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Fills a buffer with random bytes.</summary>
    public void NextBytes(Span<byte> bytes)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, NextUInt64());
        }

        if (!bytes.IsEmpty)
        {
            Span<byte> last = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(last, NextUInt64());
            last[..bytes.Length].CopyTo(bytes);
        }
    }

    /// <summary>Puts the items into a random order (Fisher and Yates, from the last place to the first).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = Next(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
