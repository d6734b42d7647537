using DcpNas.Training;

namespace DcpNas.Cli.Options;

/// <summary>What the help says about each option of the training of embeddings; the default is added from <see cref="ReIdentificationTrainOptions"/>.</summary>
internal static class ReIdentificationOptionHelp
{
    /// <summary>The options of a training for a command.</summary>
    public static OptionSet<ReIdentificationTrainOptions> Set() => new(ReIdentificationTrainOptions.Load, ReIdentificationTrainOptions.FromJson, Texts);

    /// <summary>One text per property of <see cref="ReIdentificationTrainOptions"/>.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } = new Dictionary<string, string>(TrainingOptionHelp.Texts)
    {
        [nameof(ReIdentificationTrainOptions.ValidationShare)] = "Share of the training persons that is held out to select the best network; above 0 to 0.5",
        [nameof(ReIdentificationTrainOptions.BatchSize)] = "Images per batch: persons times --images-per-person",
        [nameof(ReIdentificationTrainOptions.DistillationWeight)] = "Share of the teacher in the loss, the rest is that of persons and triplets; 0 to 1",
        [nameof(ReIdentificationTrainOptions.Dataset)] = "Data set: synthetic, market1501, dukemtmc, cuhk03_detected, cuhk03_labeled, cuhk03_classic_detected or cuhk03_classic_labeled",
        [nameof(ReIdentificationTrainOptions.Split)] = "Which of the classic splits of CUHK03; 0 to 19",
        [nameof(ReIdentificationTrainOptions.Persons)] = "Persons of the synthetic data to learn from, those held out included; 4 or more; none = 120",
        [nameof(ReIdentificationTrainOptions.Height)] = "Rows of the images in pixels; 16 to 1024; none = 64 for synthetic data, else 256",
        [nameof(ReIdentificationTrainOptions.Width)] = "Columns of the images in pixels; 16 to 1024; none = 32 for synthetic data, else 128",
        [nameof(ReIdentificationTrainOptions.ImagesPerPerson)] = "Images of each person in a batch; 2 or more",
        [nameof(ReIdentificationTrainOptions.Erasing)] = "Probability of erasing a rectangle of a training image; 0 to 1",
        [nameof(ReIdentificationTrainOptions.LabelSmoothing)] = "Share of each person's target that is spread over all persons; 0 to below 1",
        [nameof(ReIdentificationTrainOptions.TripletWeight)] = "Weight of the triplet loss; 0 leaves it out",
        [nameof(ReIdentificationTrainOptions.Margin)] = "Margin of the triplet loss; above 0; none = the soft margin",
        [nameof(ReIdentificationTrainOptions.EmbeddingWeight)] = "Weight of the difference from the teacher's embeddings within the teacher's share; 0 or more",
    };
}
