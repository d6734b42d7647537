namespace DcpNas.Data.Detection;

/// <summary>Random changes of training images with boxes, after SSD (arXiv:1512.02325).</summary>
public sealed record BoxAugmentationOptions
{
    /// <summary>Images as they are.</summary>
    public static BoxAugmentationOptions None { get; } = new() { PhotometricDistort = false, Flip = false, IouCrop = false, ZoomOut = 1 };

    /// <summary>Whether brightness, contrast, saturation and hue change, each in half of the images.</summary>
    [Option("Photometric distortion: brightness, contrast, saturation and hue change at random", Formerly = "colour")]
    public bool PhotometricDistort { get; init; } = true;

    /// <summary>Whether half of the images are mirrored. Default true.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Whether a random part is cut out, whose least overlap with an object is drawn from none, 0.1, 0.3, 0.5, 0.7, 0.9 and any.</summary>
    [Option("Random IoU crop", Formerly = "crop")]
    public bool IouCrop { get; init; } = true;

    /// <summary>Half of the images are put on a ground of the mean colour that is up to so many times as wide and high; 1 = none (SSD: 4).</summary>
    [Option("Random zoom-out of half of the images: largest expand ratio", Min = 1, Max = 16, Rule = "from 1 to 16", Note = "1 = none", Formerly = "expansion")]
    public double ZoomOut { get; init; } = 2;

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems() => [.. OptionDeclaration.Problems(this)];
}
