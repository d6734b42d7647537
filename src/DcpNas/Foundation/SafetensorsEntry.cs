using static TorchSharp.torch;

namespace DcpNas.Foundation;

/// <summary>One tensor in the header of a safetensors file.</summary>
/// <param name="Name">The key.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">One size per dimension; empty for a scalar.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">One past the last byte, counted from the end of the header.</param>
public sealed record SafetensorsEntry(string Name, ScalarType Type, IReadOnlyList<long> Shape, long Begin, long End);
