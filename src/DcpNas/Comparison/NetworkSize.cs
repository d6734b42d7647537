namespace DcpNas.Comparison;

/// <summary>The width at which a network comes nearest to a number of operations.</summary>
/// <param name="Channels">Channels of a node in the first cell.</param>
/// <param name="Ops">OPs of the network: FLOPs + BOPs/64 per image.</param>
/// <param name="Target">OPs that were aimed at.</param>
public sealed record NetworkSize(int Channels, double Ops, double Target)
{
    /// <summary>The smallest width that is tried.</summary>
    public const int Least = 2;

    /// <summary>The largest width that is tried.</summary>
    public const int Most = 2048;

    /// <summary>How far the network is off, as a share of the target; positive where it is too large.</summary>
    public double Deviation => (Ops / Target) - 1;

    /// <summary>Finds the width.</summary>
    /// <param name="opsOf">OPs at a number of channels; grows with them.</param>
    /// <param name="target">OPs to aim at, above 0.</param>
    /// <param name="step">Widths are multiples of it: 1, or 2 where channels must be even.</param>
    /// <param name="most">The largest width that is tried.</param>
    /// <remarks>One channel more or less changes the OPs of a small network by several percent, so the nearest width can be off by half of that.</remarks>
    public static NetworkSize Nearest(Func<int, double> opsOf, double target, int step = 1, int most = Most)
    {
        ArgumentNullException.ThrowIfNull(opsOf);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(target);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        var (low, high) = (Smallest(step) / step, most / step);
        while (low < high)
        {
            var middle = (low + high) / 2; // the first width that is not below the target
            (low, high) = opsOf(middle * step) >= target ? (low, middle) : (middle + 1, high);
        }

        var above = new NetworkSize(low * step, opsOf(low * step), target);
        if (above.Channels - step < Smallest(step))
        {
            return above;
        }

        var below = new NetworkSize(above.Channels - step, opsOf(above.Channels - step), target);
        return Math.Abs(below.Deviation) <= Math.Abs(above.Deviation) ? below : above;
    }

    private static int Smallest(int step) => Math.Max(Least, step);
}
