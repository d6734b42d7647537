namespace DcpNas.Data.Detection;

/// <summary>A decoded image.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Pixels"><c>[Height, Width, 3]</c>: red, green, blue.</param>
public sealed record PixelImage(int Width, int Height, byte[] Pixels);
