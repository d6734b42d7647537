namespace DcpNas.Protocols.Detection;

/// <summary>An upright rectangle in pixels of its image, with continuous coordinates.</summary>
/// <remarks>
/// Width and height are kept beside the corners because formats that store them (COCO) compare areas with limits such as 32^2, and
/// <c>(x + width) - x</c> need not be <c>width</c> in floating point.
/// </remarks>
/// <param name="X1">Left edge.</param>
/// <param name="Y1">Upper edge.</param>
/// <param name="X2">Right edge, at least <paramref name="X1"/>.</param>
/// <param name="Y2">Lower edge, at least <paramref name="Y1"/>.</param>
public readonly record struct BoundingBox(double X1, double Y1, double X2, double Y2)
{
    /// <summary>The width: <c>X2 - X1</c>, or what a format gave.</summary>
    public double Width { get; init; } = X2 - X1;

    /// <summary>The height: <c>Y2 - Y1</c>, or what a format gave.</summary>
    public double Height { get; init; } = Y2 - Y1;

    /// <summary>Width times height, in pixels squared.</summary>
    public double Area => Width * Height;

    /// <summary>A box as COCO writes it: upper left corner, width and height.</summary>
    public static BoundingBox FromCorner(double x, double y, double width, double height) => new(x, y, x + width, y + height) { Width = width, Height = height };
}
