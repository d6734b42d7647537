using DcpNas.Data.Detection;
using DcpNas.Runtime;
using DcpNas.Tasks.Detection.TwoStage;
using DcpNas.Training;
using static DcpNas.Foundation.OptionRules;
using static TorchSharp.torch;
using Preprocessing = DcpNas.Data.Preprocessing;

namespace DcpNas.Tasks.Detection;

/// <summary>Settings of one training of a detector.</summary>
/// <remarks>Of the shared settings, crop_padding is not used: <see cref="IouCrop"/> says how images are cut.</remarks>
[OptionMeaning(nameof(CropPadding), "Not used by detectors: see `iou_crop` and `zoom_out`; none", IsUnused = true)]
[OptionMeaning(nameof(Flip), "Mirror half of the images: true, false", None = "true")]
public sealed record DetectOptions : TrainingOptions
{
    private const string Example = "{ \"epochs\": 100, \"feature_levels\": 3 }";

    /// <summary>Creates the defaults.</summary>
    public DetectOptions()
        : base(DetectionTask.TaskName)
    {
    }

    /// <summary>The data set.</summary>
    [Option("Data set", Names = typeof(DetectionDatasetNames))]
    public override string Dataset { get; init; } = DetectionDatasetNames.Synthetic;

    /// <summary>How boxes are found.</summary>
    [Option("Detector: one-stage (SSD), or Faster R-CNN, which is not exported")]
    public DetectorKind Detector { get; init; } = DetectorKind.OneStage;

    /// <summary>Training images used, those of validation included; null: all (2000 synthetic ones).</summary>
    [Option("Training images to use, those held out included", Min = 4, None = "all (2000 synthetic ones)")]
    public int? TrainImages { get; init; }

    /// <summary>Test images used; null: all (500 synthetic ones).</summary>
    [Option("Test images to use", Min = 1, None = "all (500 synthetic ones)")]
    public int? TestImages { get; init; }

    /// <summary>Side in pixels to which images are scaled.</summary>
    [Option("Side in pixels to which images are scaled", Min = 32, Max = 2048)]
    public int ImageSize { get; init; } = 64;

    /// <summary>Stages of the backbone, from the last, whose maps the detector reads.</summary>
    [OptionOf(typeof(DetectorDesign))]
    public int FeatureLevels { get; init; } = 3;

    /// <summary>Further maps, each half as large as the one before.</summary>
    [OptionOf(typeof(DetectorDesign))]
    public int ExtraLevels { get; init; }

    /// <summary>Channels of the maps that boxes are read from.</summary>
    [OptionOf(typeof(DetectorDesign))]
    public int NeckChannels { get; init; } = 64;

    /// <summary>3x3 units of each level: of the one-stage detector before its last layers, of Faster R-CNN at the end of its pyramid.</summary>
    [OptionOf(typeof(DetectorDesign))]
    public int HeadConvs { get; init; } = 1;

    /// <summary>Anchor sizes of each level; they are found in the training images.</summary>
    [Option("Anchors at each location of a map; their sizes are found in the training images by k-means", Min = 1, Max = 64, Formerly = "anchors_per_pixel")]
    public int AnchorsPerLocation { get; init; } = 3;

    /// <summary>An anchor of the one-stage detector, or a proposal of Faster R-CNN, whose IoU with an object is at least this is positive.</summary>
    [Option("IoU from which on an anchor (one_stage) or a proposal (faster_rcnn) is positive (foreground)", Above = 0, Max = 1, CheckedByRule = true, Formerly = "match_threshold")]
    public double FgIouThresh { get; init; } = 0.5;

    /// <summary>Anchors on background that are learned, per anchor with an object; of the one-stage detector.</summary>
    [OptionOf(typeof(DetectionLossOptions), For = "one_stage")]
    public double NegToPosRatio { get; init; } = 3;

    /// <summary>Weight of the loss of boxes.</summary>
    [OptionOf(typeof(DetectionLossOptions))]
    public double BoxLossWeight { get; init; } = 1;

    /// <summary>Boxes of a lower score are dropped.</summary>
    [Option("Score threshold: detections of a lower score are dropped before NMS", Min = 0, Below = 1, CheckedByRule = true, Formerly = "score_threshold")]
    public double ScoreThresh { get; init; } = 0.01;

    /// <summary>IoU threshold of NMS, class by class.</summary>
    [Option("IoU threshold of NMS, class by class", Above = 0, Max = 1, CheckedByRule = true, Formerly = "overlap_threshold")]
    public double NmsThresh { get; init; } = 0.45;

    /// <summary>Bins per side into which Faster R-CNN cuts a region.</summary>
    [OptionOf(typeof(FasterRcnnDesign), For = "faster_rcnn")]
    public int RoiOutputSize { get; init; } = 7;

    /// <summary>Samples per side of such a bin.</summary>
    [OptionOf(typeof(FasterRcnnDesign), For = "faster_rcnn")]
    public int SamplingRatio { get; init; } = 2;

    /// <summary>Features of the two fully connected layers of the box head.</summary>
    [OptionOf(typeof(FasterRcnnDesign), For = "faster_rcnn")]
    public int BoxHeadFcFeatures { get; init; } = 256;

    /// <summary>Proposals of each level that enter the NMS of the RPN.</summary>
    [OptionOf(typeof(FasterRcnnDesign), For = "faster_rcnn")]
    public int RpnPreNmsTopN { get; init; } = 400;

    /// <summary>Proposals of an image that are kept after the NMS of the RPN.</summary>
    [OptionOf(typeof(FasterRcnnDesign), For = "faster_rcnn")]
    public int RpnPostNmsTopN { get; init; } = 100;

    /// <summary>IoU threshold of the NMS of the RPN.</summary>
    [OptionOf(typeof(FasterRcnnDesign), For = "faster_rcnn")]
    public double RpnNmsThresh { get; init; } = 0.7;

    /// <summary>An anchor of the RPN whose IoU with an object is at least this is positive.</summary>
    [OptionOf(typeof(FasterRcnnLossOptions), For = "faster_rcnn")]
    public double RpnFgIouThresh { get; init; } = 0.7;

    /// <summary>An anchor of the RPN whose IoU with every object is less is negative.</summary>
    [OptionOf(typeof(FasterRcnnLossOptions), For = "faster_rcnn")]
    public double RpnBgIouThresh { get; init; } = 0.3;

    /// <summary>Anchors of an image sampled for the loss of the RPN, at most half of them positive.</summary>
    [OptionOf(typeof(FasterRcnnLossOptions), For = "faster_rcnn")]
    public int RpnBatchSizePerImage { get; init; } = 256;

    /// <summary>Proposals of an image sampled for the loss of the box head, at most a quarter of them positive.</summary>
    [OptionOf(typeof(FasterRcnnLossOptions), For = "faster_rcnn")]
    public int BoxBatchSizePerImage { get; init; } = 128;

    /// <summary>Whether colours change at random.</summary>
    [OptionOf(typeof(BoxAugmentationOptions))]
    public bool PhotometricDistort { get; init; } = true;

    /// <summary>Whether random parts of images are cut out.</summary>
    [OptionOf(typeof(BoxAugmentationOptions))]
    public bool IouCrop { get; init; } = true;

    /// <summary>Largest zoom-out ratio, which half of the images are given; 1 = none.</summary>
    [OptionOf(typeof(BoxAugmentationOptions))]
    public double ZoomOut { get; init; } = 2;

    /// <summary>The keys of options files, in the order of the properties.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. OptionsJson.Properties<DetectOptions>().Select(OptionsJson.KeyOf)];

    /// <summary>Reads options from a file: JSON with comments, keys in snake_case; what it leaves out keeps its default.</summary>
    /// <exception cref="InputException">The file cannot be read or is not JSON.</exception>
    /// <exception cref="OptionsException">A key is unknown or a value is of the wrong kind.</exception>
    public static DetectOptions Load(string path) => OptionsJson.Load<DetectOptions>(path, Example);

    /// <summary>Reads options from the text of a file.</summary>
    public static DetectOptions FromJson(string text, string source) => OptionsJson.Read<DetectOptions>(text, source, Example);

    /// <summary>The maps and the coding of boxes, without anchors.</summary>
    public DetectorDesign Design => new()
    {
        FeatureLevels = FeatureLevels,
        ExtraLevels = ExtraLevels,
        NeckChannels = NeckChannels,
        HeadConvs = HeadConvs,
        Settings = new DetectorSettings { ScoreThreshold = ScoreThresh, OverlapThreshold = NmsThresh },
    };

    /// <summary>Regions and proposals of Faster R-CNN, without anchors.</summary>
    public FasterRcnnDesign RegionDesign => new()
    {
        Pyramid = Design,
        RoiOutputSize = RoiOutputSize,
        SamplingRatio = SamplingRatio,
        BoxHeadFcFeatures = BoxHeadFcFeatures,
        RpnPreNmsTopN = RpnPreNmsTopN,
        RpnPostNmsTopN = RpnPostNmsTopN,
        RpnNmsThresh = RpnNmsThresh,
    };

    /// <summary>The loss of Faster R-CNN.</summary>
    public FasterRcnnLossOptions RegionLoss => new()
    {
        RpnFgIouThresh = RpnFgIouThresh,
        RpnBgIouThresh = RpnBgIouThresh,
        RpnBatchSizePerImage = RpnBatchSizePerImage,
        FgIouThresh = FgIouThresh,
        BoxBatchSizePerImage = BoxBatchSizePerImage,
        BoxLossWeight = BoxLossWeight,
    };

    /// <summary>The loss of the one-stage detector.</summary>
    public DetectionLossOptions Loss => new()
    {
        FgIouThresh = FgIouThresh,
        NegToPosRatio = NegToPosRatio,
        BoxLossWeight = BoxLossWeight,
        DistillationWeight = DistillationWeight,
        Temperature = Temperature,
    };

    /// <summary>The settings of the task's data.</summary>
    /// <param name="device">Where its batches go.</param>
    public DetectionDataOptions DataOn(Device? device) => new(CommonDataOn(device) with { TrainImages = TrainImages, TestImages = TestImages })
    {
        ImageSize = ImageSize,
        Augmentation = new BoxAugmentationOptions { PhotometricDistort = PhotometricDistort, Flip = Flip ?? true, IouCrop = IouCrop, ZoomOut = ZoomOut },
    };

    /// <summary>Opens the images that the options name.</summary>
    /// <exception cref="InputException">The data are missing or damaged.</exception>
    public DetectionDatasetPair OpenImages() => DetectionDatasetCatalog.Open(Dataset, Data, new DetectionDatasetOptions
    {
        SyntheticSide = ImageSize,
        SyntheticTrainImages = TrainImages ?? new DetectionDatasetOptions().SyntheticTrainImages,
        SyntheticTestImages = TestImages ?? new DetectionDatasetOptions().SyntheticTestImages,
    });

    /// <summary>Opens the images that the options name, to be split as a training splits them.</summary>
    /// <inheritdoc cref="OpenImages"/>
    public DetectionImages OpenSplits() => new(OpenImages(), DataOn(null));

    /// <inheritdoc/>
    public override IBoundTask Bind(Device device) => Bind(OpenImages(), device);

    /// <summary>Binds the task to given images.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="device">Where their batches go.</param>
    /// <exception cref="InputException">Options do not fit the images.</exception>
    public BoundDetector Bind(DetectionDatasetPair dataset, Device device) => new(dataset, Design.Levels, AnchorsPerLocation, CreateDetector, DataOn(device));

    /// <summary>Creates the detector with given sizes of anchors, level by level.</summary>
    public IDetector CreateDetector(IReadOnlyList<IReadOnlyList<AnchorSize>> anchors) => Detector switch
    {
        DetectorKind.FasterRcnn => new FasterRcnnDetector(RegionDesign with { Pyramid = Design with { Anchors = anchors } }, RegionLoss),
        _ => new OneStageDetector(Design with { Anchors = anchors }, Loss),
    };

    /// <inheritdoc/>
    internal override TrainingOptions On(string dataset, string? data, Preprocessing size, bool isOther) => this with
    {
        Dataset = dataset,
        Data = data,
        ImageSize = size.Width,
        TrainImages = isOther ? null : TrainImages,
        TestImages = isOther ? null : TestImages,
    };

    /// <inheritdoc/>
    protected override IEnumerable<string> TaskProblems() =>
    [
        .. Check(CropPadding is null, $"crop_padding must be none for a detector, whose images are cut by iou_crop, got {CropPadding}."),
        .. Design.Problems().Select(problem => problem.Replace("overlap_threshold", "nms_thresh", StringComparison.Ordinal).Replace("score_threshold", "score_thresh", StringComparison.Ordinal)),
        .. Detector == DetectorKind.FasterRcnn ? [.. RegionDesign.OwnProblems(), .. RegionLoss.Problems()] : Loss.Problems(),
        .. ForeignValues(),
        .. Check(Detector != DetectorKind.FasterRcnn || Teacher is null, $"teacher must be none for faster_rcnn, whose regions are not those of a teacher, got '{Teacher}'."),
        .. new BoxAugmentationOptions { ZoomOut = ZoomOut }.Problems(),
    ];

    /// <summary>Values that only the other detector reads, and that are not left as they are by default.</summary>
    private IEnumerable<string> ForeignValues()
    {
        var (defaults, detector) = (new DetectOptions(), DetectorCatalog.NameOf(Detector));
        return OptionDeclaration.Of(typeof(DetectOptions))
            .Where(declared => declared.Variant is { } variant && variant != detector && !Equals(declared.Property.GetValue(this), declared.Property.GetValue(defaults)))
            .Select(declared => FormattableString.Invariant(
                $"{declared.Key} must be left at {declared.Property.GetValue(defaults)} for {detector}, which does not read it, got {declared.Property.GetValue(this)}."));
    }
}

/// <summary>How boxes are found on a backbone.</summary>
public enum DetectorKind
{
    /// <summary>In one stage, from every pixel of the maps: after SSD, arXiv:1512.02325.</summary>
    OneStage,

    /// <summary>In two stages, first regions, then what they hold: Faster R-CNN, arXiv:1506.01497, on a feature pyramid, arXiv:1612.03144.</summary>
    FasterRcnn,
}
