namespace DcpNas.Data.Detection;

/// <summary>An object in an image: its class and the box around it, in pixels from the top left corner; an edge lies between pixels.</summary>
/// <param name="Class">From 0.</param>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The top edge.</param>
/// <param name="Right">The right edge, beyond the last pixel.</param>
/// <param name="Bottom">The bottom edge, beyond the last pixel.</param>
public sealed record LabelledBox(int Class, double Left, double Top, double Right, double Bottom)
{
    /// <summary>Whether the object is hard to see (PASCAL VOC): it is neither learned nor evaluated.</summary>
    public bool Difficult { get; init; }

    /// <summary>Whether the box holds many objects (COCO): it is neither learned nor evaluated, but may be found many times.</summary>
    public bool Crowd { get; init; }

    /// <summary>Pixels of the object where the data say so (COCO: of its outline); null: those of the box.</summary>
    public double? ObjectArea { get; init; }

    /// <summary>Width in pixels.</summary>
    public double Width => Right - Left;

    /// <summary>Height in pixels.</summary>
    public double Height => Bottom - Top;

    /// <summary>Pixels by which its size is measured.</summary>
    public double Area => ObjectArea ?? (Width * Height);

    /// <summary>What the annotation says, where that is evaluated and not the part inside of the image; null: the box itself.</summary>
    public AnnotatedBox? Annotated { get; init; }

    /// <summary>Whether the box has an area, so that a network can learn it.</summary>
    public bool HasPixels => Right > Left && Bottom > Top;

    /// <summary>Whether the object is learned: neither difficult nor a crowd nor without a pixel.</summary>
    public bool IsTarget => !Difficult && !Crowd && HasPixels;
}
