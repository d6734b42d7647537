using DcpNas.Data;
using DcpNas.Networks;
using DcpNas.Training;
using static DcpNas.Foundation.OptionRules;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Classification;

/// <summary>Settings of one training of a classifier.</summary>
public sealed partial record TrainOptions : TrainingOptions
{
    /// <summary>Creates the defaults.</summary>
    public TrainOptions()
        : base(ClassificationTask.TaskName)
    {
    }

    /// <summary>The data set.</summary>
    [Option("Data set", Names = typeof(DatasetNames))]
    public override string Dataset { get; init; } = DatasetNames.Synthetic;

    /// <summary>Training images used, those of validation included; null: all.</summary>
    [Option("Training images to use, those held out included", Min = 4, None = "all")]
    public int? TrainImages { get; init; }

    /// <summary>Test images used; null: all, which every published number needs.</summary>
    [Option("Test images to use", Min = 1, None = "all, as published numbers need")]
    public int? TestImages { get; init; }

    /// <summary>Side in pixels to which images of a folder are brought.</summary>
    [Option("Side in pixels of the images of a folder; 16 or more")]
    public int ImageSize { get; init; } = 32;

    /// <summary>Pixels of the shorter side of an image of a folder before its centre is cut out; null: the image size.</summary>
    [Option("Shorter side in pixels to which images of a folder are brought before the centre is cut out",
        None = "`image_size`", Note = "256 for 224 is usual")]
    public int? ResizeTo { get; init; }

    /// <summary>Smallest share of the area that a random resized crop keeps; null: the padded crop. For images of a folder.</summary>
    [Option("Smallest share of the area that a random resized crop keeps, for images of a folder",
        Above = 0, Max = 1, None = "padded crop", Note = "0.08 is usual")]
    public double? CropArea { get; init; }

    /// <summary>Side of Cutout's square in pixels, 0 = none; null: that of the data set.</summary>
    [Option("Side of Cutout's square in pixels", Min = 0, None = "as usual for the data set", Note = "0 = no Cutout")]
    public int? Cutout { get; init; }

    /// <summary>Share of the target spread over all classes.</summary>
    [OptionOf(typeof(ClassificationOptions))]
    public double LabelSmoothing { get; init; }

    /// <summary>Whether an auxiliary head helps in training.</summary>
    [Option("Train with an auxiliary head")]
    public bool Auxiliary { get; init; }

    /// <summary>Weight of its loss.</summary>
    [OptionOf(typeof(ClassificationOptions))]
    public double AuxiliaryWeight { get; init; } = 0.4;

    /// <inheritdoc/>
    public override bool HasAuxiliaryHead => Auxiliary;

    /// <summary>The loss.</summary>
    public ClassificationOptions Loss => new()
    {
        LabelSmoothing = LabelSmoothing,
        DistillationWeight = DistillationWeight,
        Temperature = Temperature,
        AuxiliaryWeight = AuxiliaryWeight,
    };

    /// <summary>The settings of the task's data.</summary>
    /// <param name="device">Where its batches go.</param>
    public TaskDataOptions DataOn(Device? device) => CommonDataOn(device) with { TrainImages = TrainImages, TestImages = TestImages };

    /// <inheritdoc/>
    public override IBoundTask Bind(Device device) => Bind(OpenImages(), device);

    /// <summary>Opens the images that these options name.</summary>
    /// <exception cref="InputException">The data are missing or damaged.</exception>
    public DatasetPair OpenImages() => DatasetCatalog.Open(Dataset, Data, new DatasetOptions
    {
        ImageSize = ImageSize,
        ResizeTo = ResizeTo,
        SyntheticTrainImages = TrainImages ?? new DatasetOptions().SyntheticTrainImages,
    });

    /// <summary>Opens the images that these options name, to be split as a training splits them.</summary>
    /// <inheritdoc cref="OpenImages"/>
    public ClassificationImages OpenSplits() => new(OpenImages(), DataOn(null));

    /// <summary>Checks the options and builds everything that a training needs on given images.</summary>
    /// <inheritdoc cref="TrainSetup.Prepare(TrainingOptions)"/>
    /// <param name="dataset">The images.</param>
    public TrainSetup Prepare(DatasetPair dataset) => TrainSetup.Prepare(this, (resolved, device) => ((TrainOptions)resolved).Bind(dataset, device));

    /// <summary>Binds the task to given images, with the augmentation that these options ask for.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="device">Where their batches go.</param>
    /// <exception cref="OptionsException">Options do not fit the images.</exception>
    public IBoundTask Bind(DatasetPair dataset, Device device)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        dataset = dataset with
        {
            Augmentation = dataset.Augmentation with
            {
                CropPadding = CropPadding ?? (CropArea is null ? dataset.Augmentation.CropPadding : 0),
                CropArea = CropArea,
                HorizontalFlip = Flip ?? dataset.Augmentation.HorizontalFlip,
                CutoutLength = Cutout ?? dataset.Augmentation.CutoutLength,
            },
        };
        return dataset.Augmentation.Problems(dataset.Train.Height, dataset.Train.Width) is { Count: > 0 } problems
            ? throw new OptionsException("options", problems)
            : new BoundClassifier(
                dataset, Loss, DataOn(device), Dataset == DatasetNames.Folder ? ResizeTo : null, ImageSizeNote.Of(Dataset, ImageSize, new TrainOptions().ImageSize, dataset.Train));
    }

    /// <summary>Everything wrong with options of trainings whose genotypes are yet to come.</summary>
    public IReadOnlyList<string> ProblemsOfRecipe() => (Genotype is null && Architecture == NetworkNames.Cells ? this with { Genotype = "to come" } : this).Problems();

    /// <inheritdoc/>
    internal override TrainingOptions On(string dataset, string? data, Preprocessing size, bool isOther) => this with
    {
        Dataset = dataset,
        Data = data,
        ImageSize = size.Height,
        ResizeTo = size.ResizeTo,
        TrainImages = isOther ? null : TrainImages,
        TestImages = isOther ? null : TestImages,
    };

    /// <inheritdoc/>
    protected override IEnumerable<string> TaskProblems() =>
    [
        .. Check(Dataset == DatasetNames.Folder || (ResizeTo is null && CropArea is null), $"resize_to and crop_area are for images of a folder, got dataset '{Dataset}'."),
        .. Loss.Problems(),
    ];
}
