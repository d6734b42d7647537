using DcpNas.SearchSpace.Algebra;

namespace DcpNas.SearchSpace.Layers;

/// <summary>Prepares states of a cell for the operations that read them.</summary>
internal static class CellInputs
{
    /// <summary>Normalises the value and, for 1-bit inputs, takes its sign.</summary>
    public static CellInput<T> Prepare<T>(INetworkAlgebra<T> math, T raw, bool binary)
        where T : class =>
        new(raw, binary ? math.NormalizeSign(raw) : math.Normalize(raw));
}

/// <summary>A place of a cell, prepared once for all operations that read it.</summary>
/// <param name="Raw">The value.</param>
/// <param name="Operand">What a convolution reads: <c>sign(BN(Raw))</c>, or <c>BN(Raw)</c> where activations are real.</param>
public sealed record CellInput<T>(T Raw, T Operand);
