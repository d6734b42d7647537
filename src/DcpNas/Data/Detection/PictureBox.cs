namespace DcpNas.Data.Detection;

/// <summary>A box to be drawn, in pixels of its image.</summary>
/// <param name="Text">What stands beside it; empty for nothing.</param>
/// <param name="Class">Chooses the colour; null is white.</param>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The top edge.</param>
/// <param name="Right">The right edge.</param>
/// <param name="Bottom">The bottom edge.</param>
public sealed record PictureBox(string Text, int? Class, double Left, double Top, double Right, double Bottom);
