using DcpNas.Data.Detection;
using DcpNas.Runtime;
using DcpNas.Tasks.Detection.TwoStage;
using DcpNas.Training;
using static DcpNas.Foundation.OptionRules;
using static TorchSharp.torch;
using Preprocessing = DcpNas.Data.Preprocessing;

namespace DcpNas.Tasks.Detection;

/// <summary>Settings of one training of a detector.</summary>
/// <remarks>Of the shared settings, crop_padding is not used: <see cref="Crop"/> says how images are cut.</remarks>
[OptionMeaning(nameof(CropPadding), "Not used by detectors: see `crop` and `expansion`; none", IsUnused = true)]
[OptionMeaning(nameof(Flip), "Mirror half of the images: true, false", None = "true")]
public sealed record DetectOptions : TrainingOptions
{
    private const string Example = "{ \"epochs\": 100, \"stages\": 3 }";

    /// <summary>Creates the defaults.</summary>
    public DetectOptions()
        : base(DetectionTask.TaskName)
    {
    }

    /// <summary>The data set.</summary>
    [Option("Data set", Names = typeof(DetectionDatasetNames))]
    public override string Dataset { get; init; } = DetectionDatasetNames.Synthetic;

    /// <summary>How boxes are found.</summary>
    [Option("How boxes are found: in one stage after SSD, or in two by Faster R-CNN, which is not exported")]
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

    /// <summary>The last so many stages of the backbone are looked at.</summary>
    [OptionOf(typeof(DetectorDesign))]
    public int Stages { get; init; } = 3;

    /// <summary>Further maps, each half as large as the one before.</summary>
    [OptionOf(typeof(DetectorDesign))]
    public int ExtraLevels { get; init; }

    /// <summary>Channels of the maps that boxes are read from.</summary>
    [OptionOf(typeof(DetectorDesign))]
    public int NeckChannels { get; init; } = 64;

    /// <summary>3x3 units of each level: of the one-stage detector before its last layers, of Faster R-CNN at the end of its pyramid.</summary>
    [OptionOf(typeof(DetectorDesign))]
    public int TowerUnits { get; init; } = 1;

    /// <summary>Anchor sizes of each level; they are found in the training images.</summary>
    [Option("Anchor sizes of each level, found in the training images by k-means", Min = 1, Max = 64)]
    public int AnchorsPerPixel { get; init; } = 3;

    /// <summary>An anchor of the one-stage detector, or a region of Faster R-CNN, learns an object that overlaps it by so much.</summary>
    [Option("Overlap from which on an anchor (one_stage) or region (faster_rcnn) learns an object", Above = 0, Max = 1, CheckedByRule = true)]
    public double MatchThreshold { get; init; } = 0.5;

    /// <summary>Anchors on background that are learned, per anchor with an object; of the one-stage detector.</summary>
    [OptionOf(typeof(DetectionLossOptions), For = "one_stage")]
    public double NegativeRatio { get; init; } = 3;

    /// <summary>Weight of the loss of boxes.</summary>
    [OptionOf(typeof(DetectionLossOptions))]
    public double BoxWeight { get; init; } = 1;

    /// <summary>Boxes of a lower score are dropped.</summary>
    [Option("Boxes of a lower score are dropped", Min = 0, Below = 1, CheckedByRule = true)]
    public double ScoreThreshold { get; init; } = 0.01;

    /// <summary>Largest overlap of two boxes of a class that are both kept.</summary>
    [Option("Largest overlap of two boxes of a class that are both kept", Above = 0, Max = 1, CheckedByRule = true)]
    public double OverlapThreshold { get; init; } = 0.45;

    /// <summary>Bins per side into which Faster R-CNN cuts a region.</summary>
    [OptionOf(typeof(FasterRcnnDesign), For = "faster_rcnn")]
    public int RegionSize { get; init; } = 7;

    /// <summary>Samples per side of such a bin.</summary>
    [OptionOf(typeof(FasterRcnnDesign), For = "faster_rcnn")]
    public int SamplingRatio { get; init; } = 2;

    /// <summary>Width of the two hidden layers that look at a region.</summary>
    [OptionOf(typeof(FasterRcnnDesign), For = "faster_rcnn")]
    public int BoxChannels { get; init; } = 256;

    /// <summary>Anchors of each level that become regions before suppression.</summary>
    [OptionOf(typeof(FasterRcnnDesign), For = "faster_rcnn")]
    public int ProposalCandidates { get; init; } = 400;

    /// <summary>Regions of an image that are looked at.</summary>
    [OptionOf(typeof(FasterRcnnDesign), For = "faster_rcnn")]
    public int Proposals { get; init; } = 100;

    /// <summary>Largest overlap of two regions of a level that are both kept.</summary>
    [OptionOf(typeof(FasterRcnnDesign), For = "faster_rcnn")]
    public double ProposalOverlap { get; init; } = 0.7;

    /// <summary>An anchor of Faster R-CNN learns an object that overlaps it by so much.</summary>
    [OptionOf(typeof(FasterRcnnLossOptions), For = "faster_rcnn")]
    public double ProposalMatch { get; init; } = 0.7;

    /// <summary>An anchor of Faster R-CNN that overlaps every object by less learns the background.</summary>
    [OptionOf(typeof(FasterRcnnLossOptions), For = "faster_rcnn")]
    public double ProposalBackground { get; init; } = 0.3;

    /// <summary>Anchors of an image that are learned, at most half of them with an object.</summary>
    [OptionOf(typeof(FasterRcnnLossOptions), For = "faster_rcnn")]
    public int AnchorSamples { get; init; } = 256;

    /// <summary>Regions of an image that are learned, at most a quarter of them with an object.</summary>
    [OptionOf(typeof(FasterRcnnLossOptions), For = "faster_rcnn")]
    public int RegionSamples { get; init; } = 128;

    /// <summary>Whether colours change at random.</summary>
    [OptionOf(typeof(BoxAugmentationOptions))]
    public bool Colour { get; init; } = true;

    /// <summary>Whether random parts of images are cut out.</summary>
    [OptionOf(typeof(BoxAugmentationOptions))]
    public bool Crop { get; init; } = true;

    /// <summary>Half of the images are put on a ground that is up to so many times as wide and high; 1 = none.</summary>
    [OptionOf(typeof(BoxAugmentationOptions))]
    public double Expansion { get; init; } = 2;

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
        Stages = Stages,
        ExtraLevels = ExtraLevels,
        NeckChannels = NeckChannels,
        TowerUnits = TowerUnits,
        Settings = new DetectorSettings { ScoreThreshold = ScoreThreshold, OverlapThreshold = OverlapThreshold },
    };

    /// <summary>Regions and proposals of Faster R-CNN, without anchors.</summary>
    public FasterRcnnDesign RegionDesign => new()
    {
        Pyramid = Design,
        RegionSize = RegionSize,
        SamplingRatio = SamplingRatio,
        BoxChannels = BoxChannels,
        ProposalCandidates = ProposalCandidates,
        Proposals = Proposals,
        ProposalOverlap = ProposalOverlap,
    };

    /// <summary>The loss of Faster R-CNN.</summary>
    public FasterRcnnLossOptions RegionLoss => new()
    {
        ProposalMatch = ProposalMatch,
        ProposalBackground = ProposalBackground,
        AnchorSamples = AnchorSamples,
        MatchThreshold = MatchThreshold,
        RegionSamples = RegionSamples,
        BoxWeight = BoxWeight,
    };

    /// <summary>The loss of the one-stage detector.</summary>
    public DetectionLossOptions Loss => new()
    {
        MatchThreshold = MatchThreshold,
        NegativeRatio = NegativeRatio,
        BoxWeight = BoxWeight,
        DistillationWeight = DistillationWeight,
        Temperature = Temperature,
    };

    /// <summary>The settings of the task's data.</summary>
    /// <param name="device">Where its batches go.</param>
    public DetectionDataOptions DataOn(Device? device) => new(CommonDataOn(device) with { TrainImages = TrainImages, TestImages = TestImages })
    {
        ImageSize = ImageSize,
        Augmentation = new BoxAugmentationOptions { Colour = Colour, Flip = Flip ?? true, Crop = Crop, Expansion = Expansion },
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
    public BoundDetector Bind(DetectionDatasetPair dataset, Device device) => new(dataset, Design.Levels, AnchorsPerPixel, CreateDetector, DataOn(device));

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
        .. Check(CropPadding is null, $"crop_padding must be none for a detector, whose images are cut by crop, got {CropPadding}."),
        .. Design.Problems(),
        .. Detector == DetectorKind.FasterRcnn ? [.. RegionDesign.OwnProblems(), .. RegionLoss.Problems()] : Loss.Problems(),
        .. ForeignValues(),
        .. Check(Detector != DetectorKind.FasterRcnn || Teacher is null, $"teacher must be none for faster_rcnn, whose regions are not those of a teacher, got '{Teacher}'."),
        .. new BoxAugmentationOptions { Expansion = Expansion }.Problems(),
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
