namespace DcpNas.Runtime;

/// <summary>The size of a prior box, in shares of the image: 0.5 is half of its width or height.</summary>
/// <param name="Width">Above 0, at most 2.</param>
/// <param name="Height">Above 0, at most 2.</param>
public readonly record struct AnchorSize(double Width, double Height);
