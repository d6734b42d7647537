namespace DcpNas.Runtime;

/// <summary>The size of a prior box in whole numbers, in 32768ths of the image.</summary>
/// <param name="OffsetX">What tx is multiplied by.</param>
/// <param name="OffsetY">What ty is multiplied by.</param>
/// <param name="HalfWidth">Half of the width.</param>
/// <param name="HalfHeight">Half of the height.</param>
public readonly record struct IntegerAnchor(IntegerFactor OffsetX, IntegerFactor OffsetY, int HalfWidth, int HalfHeight);
