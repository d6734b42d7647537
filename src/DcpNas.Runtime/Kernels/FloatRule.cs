namespace DcpNas.Runtime.Kernels;

/// <summary>How a float becomes a sign bit: an affine map and the sign folded into one comparison.</summary>
/// <param name="Threshold">The float that the value is compared with. With an infinity the bit never changes.</param>
/// <param name="AtLeast">True: the bit is 1 (-1) unless <c>value &lt; Threshold</c>. False: it is 1 where <c>value &lt; Threshold</c>. NaN is not below any threshold.</param>
internal readonly record struct FloatRule(float Threshold, bool AtLeast)
{
    /// <summary>The plain sign: -1 below 0, +1 at 0 and above.</summary>
    public static FloatRule Sign => new(0, AtLeast: false);

    /// <summary>The bit of a value.</summary>
    public bool Apply(float value) => (value < Threshold) != AtLeast;
}
