namespace DcpNas.Runtime;

/// <summary>What a runner computes with between the 1-bit parts of a network.</summary>
public enum NumericMode
{
    /// <summary>float32, as the model file defines it. The default.</summary>
    Exact,

    /// <summary>16-bit fixed-point numbers; faster, and near the exact results by as much as <see cref="FixedPointInfo.Agreement"/> says. Only where the model file has <see cref="ModelInfo.FixedPoint"/>.</summary>
    Fast,
}
