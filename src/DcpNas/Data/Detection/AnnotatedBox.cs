namespace DcpNas.Data.Detection;

/// <summary>A box as an annotation file of COCO's gives it.</summary>
/// <param name="X">The left edge.</param>
/// <param name="Y">The top edge.</param>
/// <param name="Width">The width; negative where the file says so.</param>
/// <param name="Height">The height; likewise.</param>
/// <param name="IsZero">Whether the number of the annotation is 0, which pycocotools takes for none.</param>
public readonly record struct AnnotatedBox(double X, double Y, double Width, double Height, bool IsZero = false);
