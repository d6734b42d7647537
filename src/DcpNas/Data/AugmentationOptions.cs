using static DcpNas.Foundation.OptionRules;

namespace DcpNas.Data;

/// <summary>Random changes of training images. Each image's draw depends on nothing but (seed, epoch, index).</summary>
public sealed record AugmentationOptions
{
    /// <summary>No change: for validation and test.</summary>
    public static AugmentationOptions None { get; } = new();

    /// <summary>Crop with padding 4, flip, Cutout 16: the training recipe of DARTS for CIFAR.</summary>
    public static AugmentationOptions Cifar { get; } = new() { CropPadding = 4, HorizontalFlip = true, CutoutLength = 16 };

    /// <summary>Rows and columns of black added on each side before a crop of the original size; 0 or more, 0 switches it off.</summary>
    public int CropPadding { get; init; }

    /// <summary>Smallest share of an image's area that a random resized crop keeps, above 0 to 1: 0.08 is usual for ImageNet; null: no such crop.</summary>
    /// <remarks>For images that are kept in their full size, those of folders. Takes the place of the padded crop.</remarks>
    public double? CropArea { get; init; }

    /// <summary>Mirrors every second image, drawn at random.</summary>
    public bool HorizontalFlip { get; init; }

    /// <summary>Side of the square that Cutout sets to the mean colour, in pixels; 0 or more, 0 switches it off.</summary>
    /// <remarks>Its centre is uniform over the image, and what lies outside is cut off (DeVries and Taylor, arXiv:1708.04552).</remarks>
    public int CutoutLength { get; init; }

    /// <summary>Probability with which a rectangle is set to the mean colour; 0 to 1, 0 switches it off.</summary>
    /// <remarks>
    /// Random erasing (Zhong et al., arXiv:1708.04896): the area is uniform from 2 to 40 % of the image, the ratio of its sides from 0.3 to 1 / 0.3, the place
    /// uniform among those where it fits; of ten draws the first that fits is taken. Ours: the mean colour instead of noise.
    /// </remarks>
    public double RandomErase { get; init; }

    /// <summary>Every fault of these options, one sentence each; empty if they can be used.</summary>
    /// <param name="height">Rows of the images.</param>
    /// <param name="width">Columns of the images.</param>
    public IReadOnlyList<string> Problems(int height, int width)
    {
        var side = int.Min(height, width);
        return
        [
            .. Check(CropPadding >= 0 && CropPadding < side, $"crop_padding must be from 0 to {side - 1} for images of {height} x {width}, got {CropPadding}."),
            .. Check(CutoutLength >= 0 && CutoutLength <= 2 * side,
                $"cutout must be from 0 to {2 * side} for images of {height} x {width}, got {CutoutLength}."),
            .. Check(RandomErase is >= 0 and <= 1, $"random_erase must be from 0 to 1, got {RandomErase}."),
            .. Check(CropArea is null or (> 0 and <= 1), FormattableString.Invariant($"crop_area must be above 0 and at most 1, got {CropArea}.")),
            .. Check(CropArea is null || CropPadding <= 0,
                $"crop_area and crop_padding are two ways to crop: leave crop_area out, or set crop_padding to 0, got {CropPadding}."),
        ];
    }
}
