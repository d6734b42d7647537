using DcpNas.Training;

namespace DcpNas.Cli.Options;

/// <summary>What the help says about each option of the training of a detector; the default is added from <see cref="DetectOptions"/>.</summary>
internal static class DetectOptionHelp
{
    /// <summary>The options of a training for a command.</summary>
    public static OptionSet<DetectOptions> Set() => new(DetectOptions.Load, DetectOptions.FromJson, Texts);

    /// <summary>One text per property of <see cref="DetectOptions"/>.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } = new Dictionary<string, string>(TrainingOptionHelp.Texts)
    {
        [nameof(DetectOptions.CropPadding)] = "Not used by detectors: see --crop and --expansion; none",
        [nameof(DetectOptions.Flip)] = "Mirror half of the images: true, false; none = true",
        [nameof(DetectOptions.Dataset)] = "Data set: synthetic, voc or coco",
        [nameof(DetectOptions.Detector)] = "How boxes are found: in one stage after SSD, or in two by Faster R-CNN, which is not exported",
        [nameof(DetectOptions.TrainImages)] = "Training images to use, those held out included; 4 or more; none = all (2000 synthetic ones)",
        [nameof(DetectOptions.TestImages)] = "Test images to use; 1 or more; none = all (500 synthetic ones)",
        [nameof(DetectOptions.ImageSize)] = "Side in pixels to which images are scaled; 32 to 2048",
        [nameof(DetectOptions.Stages)] = "The last so many resolutions of the backbone are looked at; 1 or more",
        [nameof(DetectOptions.ExtraLevels)] = "Further resolutions, each half of the one before; 0 to 8",
        [nameof(DetectOptions.NeckChannels)] = "Channels of the maps that boxes are read from; 1 to 4096",
        [nameof(DetectOptions.TowerUnits)] = "1-bit 3x3 units of each level: before the last layers (one_stage), at the end of the pyramid (faster_rcnn); 0 to 16",
        [nameof(DetectOptions.AnchorsPerPixel)] = "Anchor sizes of each level, found in the training images by k-means; 1 to 64",
        [nameof(DetectOptions.MatchThreshold)] = "Overlap from which on an anchor (one_stage) or region (faster_rcnn) learns an object; above 0 to 1",
        [nameof(DetectOptions.NegativeRatio)] = "one_stage: anchors on background that are learned, per anchor with an object; above 0",
        [nameof(DetectOptions.BoxWeight)] = "Weight of the loss of boxes; 0 or more",
        [nameof(DetectOptions.ScoreThreshold)] = "Boxes of a lower score are dropped; 0 to below 1",
        [nameof(DetectOptions.OverlapThreshold)] = "Largest overlap of two boxes of a class that are both kept; above 0 to 1",
        [nameof(DetectOptions.RegionSize)] = "faster_rcnn: bins per side into which RoIAlign cuts a region; 1 to 64",
        [nameof(DetectOptions.SamplingRatio)] = "faster_rcnn: samples of RoIAlign per side of a bin; 1 to 16",
        [nameof(DetectOptions.BoxChannels)] = "faster_rcnn: width of the two real hidden layers that look at a region; 1 to 8192",
        [nameof(DetectOptions.ProposalCandidates)] = "faster_rcnn: anchors of each level that become regions before suppression; 1 to 100000",
        [nameof(DetectOptions.Proposals)] = "faster_rcnn: regions of an image that are looked at; 1 to 10000",
        [nameof(DetectOptions.ProposalOverlap)] = "faster_rcnn: largest overlap of two regions of a level that are both kept; above 0 to 1",
        [nameof(DetectOptions.ProposalMatch)] = "faster_rcnn: overlap from which on an anchor learns an object; above 0 to 1",
        [nameof(DetectOptions.ProposalBackground)] = "faster_rcnn: overlap below which an anchor learns the background; above 0 to --proposal-match",
        [nameof(DetectOptions.AnchorSamples)] = "faster_rcnn: anchors of an image that are learned, at most half of them with an object; 1 to 100000",
        [nameof(DetectOptions.RegionSamples)] = "faster_rcnn: regions of an image that are learned, at most a quarter of them with an object; 1 to 100000",
        [nameof(DetectOptions.Colour)] = "Change brightness, contrast, saturation and hue at random",
        [nameof(DetectOptions.Crop)] = "Cut out random parts of images",
        [nameof(DetectOptions.Expansion)] = "Put half of the images on a ground up to so many times as wide and high; 1 = none; to 16",
    };
}
