namespace DcpNas.Runtime.Kernels;

/// <summary>How the sum of a channel becomes its next sign bit: normalisation, activation and sign folded into one comparison.</summary>
/// <param name="Threshold">The integer that the sum is compared with.</param>
/// <param name="AtLeast">True: the bit is 1 (-1) where <c>sum &gt;= Threshold</c>. False: where <c>sum &lt; Threshold</c>.</param>
internal readonly record struct BitRule(int Threshold, bool AtLeast)
{
    /// <summary>The rule of a channel whose sign is always +1 (bit 0).</summary>
    public static BitRule Zero => new(int.MinValue, AtLeast: false);

    /// <summary>The rule of a channel whose sign is always -1 (bit 1).</summary>
    public static BitRule One => new(int.MinValue, AtLeast: true);

    /// <summary>The bit of a sum.</summary>
    public bool Apply(int sum) => AtLeast ? sum >= Threshold : sum < Threshold;
}
