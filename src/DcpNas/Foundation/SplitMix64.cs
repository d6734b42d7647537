namespace DcpNas.Foundation;

/// <summary>A random generator that never changes, unlike that of the platform: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).</summary>
internal sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 uniform bits.</summary>
    public ulong Next() => Next(ref _state);

    /// <summary>64 uniform bits from a state that moves on.</summary>
    public static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A uniform number from 0 to <paramref name="bound"/> - 1.</summary>
    /// <param name="bound">At least 1.</param>
    public int Below(int bound)
    {
        // Numbers of the last, incomplete round would favour small results and are drawn again.
        var limit = ulong.MaxValue - (ulong.MaxValue % (ulong)bound);
        ulong drawn;
        do
        {
            drawn = Next();
        }
        while (drawn >= limit);
        return (int)(drawn % (ulong)bound);
    }

    /// <summary>A number in [0, 1) of 53 random bits.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1L << 53));
}
