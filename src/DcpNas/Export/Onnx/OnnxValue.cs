namespace DcpNas.Export.Onnx;

/// <summary>A value <c>[N, Channels, Height, Width]</c> of an ONNX graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Pixels per row.</param>
internal sealed record OnnxValue(string Name, int Channels, int Height, int Width);
