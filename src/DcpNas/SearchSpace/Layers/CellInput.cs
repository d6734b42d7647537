namespace DcpNas.SearchSpace.Layers;

/// <summary>A place of a cell, prepared once for all operations that read it.</summary>
/// <param name="Raw">The value.</param>
/// <param name="Operand">What a convolution reads: <c>sign(BN(Raw))</c>, or <c>BN(Raw)</c> where activations are real.</param>
public sealed record CellInput<T>(T Raw, T Operand);
