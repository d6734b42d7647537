namespace DcpNas.Runtime.Model;

/// <summary>How a value and a threshold give a bit. The number is the one in the file.</summary>
/// <remarks>The second rule is the opposite of the first for every value; NaN is below nothing.</remarks>
public enum ThresholdRule : byte
{
    /// <summary>The bit is 1 (the sign is -1) where <c>value &lt; threshold</c>.</summary>
    Below = 0,

    /// <summary>The bit is 1 (the sign is -1) unless <c>value &lt; threshold</c>.</summary>
    NotBelow = 1,
}
