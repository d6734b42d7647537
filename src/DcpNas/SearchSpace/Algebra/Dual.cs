using static TorchSharp.torch;

namespace DcpNas.SearchSpace.Algebra;

/// <summary>A value and its directional derivative.</summary>
/// <param name="Value">The value.</param>
/// <param name="Tangent">The derivative, of the same shape; null where it is zero because nothing before depends on the architecture.</param>
public sealed record Dual(Tensor Value, Tensor? Tangent);
