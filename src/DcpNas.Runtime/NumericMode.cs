using System.Diagnostics.CodeAnalysis;

namespace DcpNas.Runtime;

/// <summary>What a runner computes with between the 1-bit parts of a network.</summary>
public enum NumericMode
{
    /// <summary>float32, as the model file defines it. The default.</summary>
    Exact,

    /// <summary>16-bit fixed-point numbers; faster, and near the exact results by as much as <see cref="FixedPointInfo.Agreement"/> says. Only where the model file has <see cref="ModelInfo.FixedPoint"/>.</summary>
    Fast,

    /// <summary>Whole numbers alone, from 8-bit pixels to 16-bit results: what generated code for processors without floating point computes, bit for bit. Only where the model file has <see cref="ModelInfo.Integers"/>.</summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "It is the field's name for arithmetic without floating point, and that of the option.")]
    Integer,
}
