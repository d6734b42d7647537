namespace DcpNas.Runtime.Model;

/// <summary>How a value and a threshold give a bit. The number is the one in the file.</summary>
/// <remarks>NaN gives bit 0 under both rules.</remarks>
public enum ThresholdRule : byte
{
    /// <summary>The bit is 1 (the sign is -1) where <c>value &lt; threshold</c>.</summary>
    Below = 0,

    /// <summary>The bit is 1 (the sign is -1) where <c>value &gt;= threshold</c>.</summary>
    NotBelow = 1,
}
