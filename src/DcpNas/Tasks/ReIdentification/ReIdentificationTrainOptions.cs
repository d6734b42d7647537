using DcpNas.Data;
using DcpNas.Data.ReIdentification;
using DcpNas.Training;
using static DcpNas.Foundation.OptionRules;
using static TorchSharp.torch;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>Settings of one training of a network of identity embeddings.</summary>
/// <remarks>
/// Batches of P x K images, the identity and the triplet loss, the neck, random erasing and the warm-up follow the strong baseline of Luo et al.,
/// arXiv:1903.07071; the two steps of a 1-bit network are those of every training.
/// </remarks>
[OptionMeaning(nameof(ValidationShare), "Share of the training identities that is held out to select the best network")]
[OptionMeaning(nameof(BatchSize), "Images per batch: identities (P) times `num_instances` (K)")]
[OptionMeaning(nameof(DistillationWeight), "Share of the teacher in the loss, the rest is that of the identity and the triplet loss")]
public sealed record ReIdentificationTrainOptions : TrainingOptions
{
    private const string Example = "{ \"epochs\": 60 }";
    private const int PaddingShare = 25; // 10 rows and columns of 256 x 128, as in the baseline

    /// <summary>Defaults of the common options that differ: 60 epochs of batches of 64 images, 5 of them warm-up, half of the loss from a teacher.</summary>
    public ReIdentificationTrainOptions()
        : base(ReIdentificationTask.OptionName)
    {
        (BatchSize, Epochs, WarmupEpochs) = (64, 60, 5);
        DistillationWeight = 0.5;
    }

    /// <summary>The data set.</summary>
    [Option("Data set", Names = typeof(PersonDatasetNames))]
    public override string Dataset { get; init; } = PersonDatasetNames.Synthetic;

    /// <summary>Which of the 20 classic splits of CUHK03.</summary>
    [OptionOf(typeof(PersonDatasetOptions))]
    public int SplitId { get; init; }

    /// <summary>Identities of the synthetic training data, those held out included; null: 120.</summary>
    [OptionOf(typeof(PersonDatasetOptions), nameof(PersonDatasetOptions.SyntheticIdentities), None = "120")]
    public int? Identities { get; init; }

    /// <summary>Rows of the images in pixels; null: 64 for synthetic data, else 256.</summary>
    [OptionOf(typeof(PersonDatasetOptions), None = "64 for synthetic data, else 256")]
    public int? Height { get; init; }

    /// <summary>Columns of the images in pixels; null: 32 for synthetic data, else 128.</summary>
    [OptionOf(typeof(PersonDatasetOptions), None = "32 for synthetic data, else 128")]
    public int? Width { get; init; }

    /// <summary>Images of each identity in a batch (K); batch_size is a multiple of it.</summary>
    [Option("Images of each identity in a batch (K of PK sampling)", Min = 2, Formerly = "images_per_person")]
    public int NumInstances { get; init; } = 4;

    /// <summary>Random erasing: probability with which a rectangle of a training image is erased.</summary>
    [Option("Random erasing: probability of erasing a rectangle of a training image", Min = 0, Max = 1, Rule = "from 0 to 1", Formerly = "erasing")]
    public double RandomErase { get; init; } = 0.5;

    /// <summary>Label smoothing of the identity loss: share of each target that is spread over all identities.</summary>
    [OptionOf(typeof(ReIdentificationLossOptions))]
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>Weight of the triplet loss; 0 leaves it out.</summary>
    [OptionOf(typeof(ReIdentificationLossOptions))]
    public double TripletWeight { get; init; } = 1;

    /// <summary>Margin of the triplet loss; null for the soft margin.</summary>
    [OptionOf(typeof(ReIdentificationLossOptions))]
    public double? TripletMargin { get; init; } = 0.3;

    /// <summary>Weight of the embedding distillation, 1 - cosine to the teacher's embedding, within the teacher's share.</summary>
    [OptionOf(typeof(ReIdentificationLossOptions))]
    public double EmbeddingDistillationWeight { get; init; } = 1;

    /// <summary>The loss.</summary>
    public ReIdentificationLossOptions Loss => new()
    {
        LabelSmoothing = LabelSmoothing,
        TripletWeight = TripletWeight,
        TripletMargin = TripletMargin,
        DistillationWeight = DistillationWeight,
        Temperature = Temperature,
        EmbeddingDistillationWeight = EmbeddingDistillationWeight,
    };

    /// <summary>Sizes and numbers of the data.</summary>
    public PersonDatasetOptions DataOptions
    {
        get
        {
            var defaults = new PersonDatasetOptions();
            var isSynthetic = Dataset == PersonDatasetNames.Synthetic;
            return defaults with
            {
                Height = Height ?? (isSynthetic ? defaults.Height : 256),
                Width = Width ?? (isSynthetic ? defaults.Width : 128),
                SplitId = SplitId,
                SyntheticIdentities = Identities ?? defaults.SyntheticIdentities,
            };
        }
    }

    /// <summary>Reads options from a file: JSON with comments, keys in snake_case; what it leaves out keeps its default.</summary>
    /// <exception cref="InputException">The file cannot be read or is not JSON.</exception>
    /// <exception cref="OptionsException">A key is unknown or a value is of the wrong kind.</exception>
    public static ReIdentificationTrainOptions Load(string path) => OptionsJson.Load<ReIdentificationTrainOptions>(path, Example);

    /// <summary>Reads options from the text of a file.</summary>
    public static ReIdentificationTrainOptions FromJson(string text, string source) => OptionsJson.Read<ReIdentificationTrainOptions>(text, source, Example);

    /// <inheritdoc/>
    public override IBoundTask Bind(Device device) => Bind(OpenImages(), device);

    /// <summary>Opens the images that these options name.</summary>
    /// <exception cref="InputException">The data are missing or damaged.</exception>
    public PersonDataset OpenImages() => PersonDatasetCatalog.Open(Dataset, Data, DataOptions);

    /// <summary>Opens the images that these options name, to be split as a training splits them.</summary>
    /// <inheritdoc cref="OpenImages"/>
    public ReIdentificationImages OpenSplits() => new(OpenImages(), CommonDataOn(null));


    /// <summary>Binds the task to given images, with the augmentation that these options ask for.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="device">Where their batches go.</param>
    /// <exception cref="OptionsException">Options do not fit the images.</exception>
    public IBoundTask Bind(PersonDataset dataset, Device device)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var (height, width) = (dataset.Train.Height, dataset.Train.Width);
        var augmentation = new AugmentationOptions
        {
            CropPadding = CropPadding ?? (height / PaddingShare),
            HorizontalFlip = Flip ?? true,
            RandomErase = RandomErase,
        };
        return augmentation.Problems(height, width) is { Count: > 0 } problems
            ? throw new OptionsException("options", problems)
            : new BoundReIdentification(dataset, Loss, new(CommonDataOn(device)) { NumInstances = NumInstances, Augmentation = augmentation });
    }

    /// <inheritdoc/>
    internal override bool TakesAnyBatchSize => false;

    /// <inheritdoc/>
    internal override TrainingOptions On(string dataset, string? data, Preprocessing size, bool isOther) =>
        this with { Dataset = dataset, Data = data, Height = size.Height, Width = size.Width };

    /// <inheritdoc/>
    protected override IEnumerable<string> TaskProblems() =>
    [
        .. Check(Identities is null || Dataset == PersonDatasetNames.Synthetic,
            $"identities must be absent from the data set {Dataset}: only synthetic data can have any number."),
        .. Check(NumInstances < 2 || (BatchSize % NumInstances == 0 && BatchSize >= 2 * NumInstances),
            $"batch_size must be a multiple of num_instances, of at least two identities, got {BatchSize} and {NumInstances}."),
        .. Check(Shards < 2 || NumInstances < 2 || (BatchSize % (Shards * NumInstances) == 0 && BatchSize >= 2 * Shards * NumInstances),
            $"shards must leave whole identities, two or more, to each piece of a batch: batch_size a multiple of shards x num_instances and at least twice that, "
            + $"got {Shards} for {BatchSize} and {NumInstances}."),
        .. DataOptions.Problems().Select(problem => problem.Replace("synthetic_identities", "identities", StringComparison.Ordinal)),
        .. Loss.Problems(),
    ];
}
