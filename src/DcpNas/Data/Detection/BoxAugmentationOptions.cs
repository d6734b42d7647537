namespace DcpNas.Data.Detection;

/// <summary>Random changes of training images with boxes, after SSD (arXiv:1512.02325).</summary>
public sealed record BoxAugmentationOptions
{
    /// <summary>Images as they are.</summary>
    public static BoxAugmentationOptions None { get; } = new() { Colour = false, Flip = false, Crop = false, LargestExpansion = 1 };

    /// <summary>Whether brightness, contrast, saturation and hue change, each in half of the images. Default true.</summary>
    public bool Colour { get; init; } = true;

    /// <summary>Whether half of the images are mirrored. Default true.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Whether a random part is cut out, whose least overlap with an object is drawn from none, 0.1, 0.3, 0.5, 0.7, 0.9 and any. Default true.</summary>
    public bool Crop { get; init; } = true;

    /// <summary>Half of the images are put on a ground of the mean colour that is up to so many times as wide and high; 1 = none. Default 2 (SSD: 4).</summary>
    public double LargestExpansion { get; init; } = 2;

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems() => LargestExpansion is >= 1 and <= 16 ? [] : [$"expansion must be from 1 to 16, got {LargestExpansion}."];
}
