using System.Text.Json.Nodes;
using DcpNas.Data.Detection;
using DcpNas.Runtime;
using DcpNas.Tasks;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.Detection.TwoStage;
using static TorchSharp.torch;

namespace DcpNas.Training;

/// <summary>Settings of one training of a detector.</summary>
/// <remarks>Of the shared settings, crop_padding is not used: <see cref="Crop"/> says how images are cut.</remarks>
public sealed record DetectOptions : TrainingOptions
{
    private static readonly string[] OfOneStage = [nameof(NegativeRatio)];

    private static readonly string[] OfFasterRcnn =
    [
        nameof(RegionSize), nameof(SamplingRatio), nameof(BoxChannels), nameof(ProposalCandidates), nameof(Proposals), nameof(ProposalOverlap),
        nameof(ProposalMatch), nameof(ProposalBackground), nameof(AnchorSamples), nameof(RegionSamples),
    ];

    private const string Example = "{ \"epochs\": 100, \"stages\": 3 }";

    /// <summary>synthetic, voc or coco. Default synthetic.</summary>
    public string Dataset { get; init; } = DetectionDatasetNames.Synthetic;

    /// <summary>one_stage or faster_rcnn. Default one_stage.</summary>
    public DetectorKind Detector { get; init; } = DetectorKind.OneStage;

    /// <summary>Training images used, those of validation included; null: all (2000 synthetic ones).</summary>
    public int? TrainImages { get; init; }

    /// <summary>Test images used; null: all (500 synthetic ones).</summary>
    public int? TestImages { get; init; }

    /// <summary>Side in pixels to which images are scaled. Default 64.</summary>
    public int ImageSize { get; init; } = 64;

    /// <summary>The last so many stages of the backbone are looked at. Default 3.</summary>
    public int Stages { get; init; } = 3;

    /// <summary>Further maps, each half as large as the one before. Default 0.</summary>
    public int ExtraLevels { get; init; }

    /// <summary>Channels of the maps that boxes are read from. Default 64.</summary>
    public int NeckChannels { get; init; } = 64;

    /// <summary>3x3 units of each level: of the one-stage detector before its last layers, of Faster R-CNN at the end of its pyramid. Default 1.</summary>
    public int TowerUnits { get; init; } = 1;

    /// <summary>Anchor sizes of each level; they are found in the training images. Default 3.</summary>
    public int AnchorsPerPixel { get; init; } = 3;

    /// <summary>An anchor of the one-stage detector, or a region of Faster R-CNN, learns an object that overlaps it by so much. Default 0.5.</summary>
    public double MatchThreshold { get; init; } = 0.5;

    /// <summary>Anchors on background that are learned, per anchor with an object; of the one-stage detector. Default 3.</summary>
    public double NegativeRatio { get; init; } = 3;

    /// <summary>Weight of the loss of boxes. Default 1.</summary>
    public double BoxWeight { get; init; } = 1;

    /// <summary>Boxes of a lower score are dropped. Default 0.01.</summary>
    public double ScoreThreshold { get; init; } = 0.01;

    /// <summary>Largest overlap of two boxes of a class that are both kept. Default 0.45.</summary>
    public double OverlapThreshold { get; init; } = 0.45;

    /// <summary>Bins per side into which Faster R-CNN cuts a region. Default 7.</summary>
    public int RegionSize { get; init; } = 7;

    /// <summary>Samples per side of such a bin. Default 2.</summary>
    public int SamplingRatio { get; init; } = 2;

    /// <summary>Width of the two hidden layers that look at a region. Default 256.</summary>
    public int BoxChannels { get; init; } = 256;

    /// <summary>Anchors of each level that become regions before suppression. Default 400.</summary>
    public int ProposalCandidates { get; init; } = 400;

    /// <summary>Regions of an image that are looked at. Default 100.</summary>
    public int Proposals { get; init; } = 100;

    /// <summary>Largest overlap of two regions of a level that are both kept. Default 0.7.</summary>
    public double ProposalOverlap { get; init; } = 0.7;

    /// <summary>An anchor of Faster R-CNN learns an object that overlaps it by so much. Default 0.7.</summary>
    public double ProposalMatch { get; init; } = 0.7;

    /// <summary>An anchor of Faster R-CNN that overlaps every object by less learns the background. Default 0.3.</summary>
    public double ProposalBackground { get; init; } = 0.3;

    /// <summary>Anchors of an image that are learned, at most half of them with an object. Default 256.</summary>
    public int AnchorSamples { get; init; } = 256;

    /// <summary>Regions of an image that are learned, at most a quarter of them with an object. Default 128.</summary>
    public int RegionSamples { get; init; } = 128;

    /// <summary>Whether colours change at random. Default true.</summary>
    public bool Colour { get; init; } = true;

    /// <summary>Whether random parts of images are cut out. Default true.</summary>
    public bool Crop { get; init; } = true;

    /// <summary>Half of the images are put on a ground that is up to so many times as wide and high; 1 = none. Default 2.</summary>
    public double Expansion { get; init; } = 2;

    /// <summary>The keys of options files, in the order of the properties.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. OptionsJson.Properties<DetectOptions>().Select(OptionsJson.KeyOf)];

    /// <summary>Reads options from a file: JSON with comments, keys in snake_case; what it leaves out keeps its default.</summary>
    /// <exception cref="InputException">The file cannot be read or is not JSON.</exception>
    /// <exception cref="OptionsException">A key is unknown or a value is of the wrong kind.</exception>
    public static DetectOptions Load(string path) => OptionsJson.Load<DetectOptions>(path, Example);

    /// <summary>Reads options from the text of a file.</summary>
    public static DetectOptions FromJson(string text, string source) => OptionsJson.Read<DetectOptions>(text, source, Example);

    /// <inheritdoc/>
    public override JsonObject ToJson() => OptionsJson.Write(this);

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
    public DetectionDataOptions DataOn(Device device) => new()
    {
        BatchSize = BatchSize,
        ImageSize = ImageSize,
        Seed = Seed,
        ValidationShare = ValidationShare,
        TrainImages = TrainImages,
        TestImages = TestImages,
        Augmentation = new BoxAugmentationOptions { Colour = Colour, Flip = Flip ?? true, Crop = Crop, LargestExpansion = Expansion },
        Workers = Workers,
        Device = device,
    };

    /// <summary>Opens the images that the options name.</summary>
    /// <exception cref="InputException">The data are missing or damaged.</exception>
    public DetectionDatasetPair OpenImages() => DetectionDatasetCatalog.Open(Dataset, Data, new DetectionDatasetOptions
    {
        SyntheticSide = ImageSize,
        SyntheticTrainImages = TrainImages ?? new DetectionDatasetOptions().SyntheticTrainImages,
        SyntheticTestImages = TestImages ?? new DetectionDatasetOptions().SyntheticTestImages,
    });

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
    protected override IReadOnlyList<string> TaskProblems()
    {
        var problems = new List<string>();
        Check(DetectionDatasetNames.All.Contains(Dataset), $"dataset must be one of {string.Join(", ", DetectionDatasetNames.All)}, got '{Dataset}'.");
        Check(TrainImages is null or >= 4, $"train_images must be at least 4, got {TrainImages}.");
        Check(TestImages is null or >= 1, $"test_images must be at least 1, got {TestImages}.");
        Check(ImageSize is >= 32 and <= 2048, $"image_size must be from 32 to 2048, got {ImageSize}.");
        Check(CropPadding is null, $"crop_padding must be none for a detector, whose images are cut by crop, got {CropPadding}.");
        Check(AnchorsPerPixel is >= 1 and <= 64, $"anchors_per_pixel must be from 1 to 64, got {AnchorsPerPixel}.");
        problems.AddRange(Design.Problems());
        problems.AddRange(Detector == DetectorKind.FasterRcnn ? [.. RegionDesign.OwnProblems(), .. RegionLoss.Problems()] : Loss.Problems());
        problems.AddRange(ForeignValues());
        Check(Detector != DetectorKind.FasterRcnn || Teacher is null, $"teacher must be none for faster_rcnn, whose regions are not those of a teacher, got '{Teacher}'.");
        problems.AddRange(new BoxAugmentationOptions { LargestExpansion = Expansion }.Problems());
        return problems;

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }

    /// <summary>Values that only the other detector reads, and that are not left as they are by default.</summary>
    private IEnumerable<string> ForeignValues()
    {
        var (defaults, foreign) = (new DetectOptions(), Detector == DetectorKind.FasterRcnn ? OfOneStage : OfFasterRcnn);
        return OptionsJson.Properties<DetectOptions>()
            .Where(property => foreign.Contains(property.Name) && !Equals(property.GetValue(this), property.GetValue(defaults)))
            .Select(property => FormattableString.Invariant(
                $"{OptionsJson.KeyOf(property)} must be left at {property.GetValue(defaults)} for {DetectorCatalog.NameOf(Detector)}, which does not read it, got {property.GetValue(this)}."));
    }
}
