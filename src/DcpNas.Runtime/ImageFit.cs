namespace DcpNas.Runtime;

/// <summary>How an image of any size becomes one of the size that a model reads. For whoever decodes images.</summary>
public enum ImageFit
{
    /// <summary>Scaled as a whole, its shape kept, then the centre is cut out.</summary>
    Crop,

    /// <summary>Scaled to the size, each side on its own.</summary>
    Stretch,
}
