namespace DcpNas.Data.Detection;

/// <summary>Random changes of training images with boxes, after SSD (arXiv:1512.02325).</summary>
public sealed record BoxAugmentationOptions
{
    /// <summary>Images as they are.</summary>
    public static BoxAugmentationOptions None { get; } = new() { Colour = false, Flip = false, Crop = false, Expansion = 1 };

    /// <summary>Whether brightness, contrast, saturation and hue change, each in half of the images.</summary>
    [Option("Change brightness, contrast, saturation and hue at random")]
    public bool Colour { get; init; } = true;

    /// <summary>Whether half of the images are mirrored. Default true.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Whether a random part is cut out, whose least overlap with an object is drawn from none, 0.1, 0.3, 0.5, 0.7, 0.9 and any.</summary>
    [Option("Cut out random parts of images")]
    public bool Crop { get; init; } = true;

    /// <summary>Half of the images are put on a ground of the mean colour that is up to so many times as wide and high; 1 = none (SSD: 4).</summary>
    [Option("Put half of the images on a ground up to so many times as wide and high", Min = 1, Max = 16, Rule = "from 1 to 16", Note = "1 = none")]
    public double Expansion { get; init; } = 2;

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems() => [.. OptionDeclaration.Problems(this)];
}
