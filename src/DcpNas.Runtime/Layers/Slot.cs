namespace DcpNas.Runtime.Layers;

/// <summary>Where a value lies in a <see cref="Workspace"/>.</summary>
/// <param name="Offset">First byte, a multiple of 64.</param>
/// <param name="Bytes">Length.</param>
internal readonly record struct Slot(int Offset, int Bytes);
