namespace DcpNas.Protocols.Detection;

/// <summary>An object that is there.</summary>
/// <param name="Image">Number of the image.</param>
/// <param name="Category">Number of the category; any whole number.</param>
/// <param name="Box">Where.</param>
public sealed record GroundTruthBox(long Image, long Category, BoundingBox Box)
{
    /// <summary>Area of the object in pixels squared, which COCO sorts sizes by: its annotation's <c>area</c>, or that of the box.</summary>
    public double Area { get; init; } = Box.Area;

    /// <summary>VOC: too hard to be demanded; neither found nor missed counts.</summary>
    public bool Difficult { get; init; }

    /// <summary>COCO: the number of the annotation is 0, which pycocotools takes for none: the object is taken by a detection, which counts as if it had found nothing.</summary>
    public bool HasIdZero { get; init; }

    /// <summary>COCO's <c>iscrowd</c>: the box surrounds many objects and is ignored, but takes any number of detections.</summary>
    public bool Crowd { get; init; }
}
