using DcpNas.Training;

namespace DcpNas.Cli.Options;

/// <summary>What the help says about each option of the training of a classifier; the default is added from <see cref="TrainOptions"/>.</summary>
internal static class TrainOptionHelp
{
    /// <summary>The options of a training for a command.</summary>
    public static OptionSet<TrainOptions> Set() => new(TrainOptions.Load, TrainOptions.FromJson, Texts);

    /// <summary>One text per property of <see cref="TrainOptions"/>.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } = new Dictionary<string, string>(TrainingOptionHelp.Texts)
    {
        [nameof(TrainOptions.Dataset)] = "Data set: cifar10, cifar100, mnist, folder or synthetic",
        [nameof(TrainOptions.TrainImages)] = "Training images to use, those held out included; 4 or more; none = all",
        [nameof(TrainOptions.TestImages)] = "Test images to use; 1 or more; none = all, as published numbers need",
        [nameof(TrainOptions.ImageSize)] = "Side in pixels of the images of a folder; 16 or more",
        [nameof(TrainOptions.ResizeTo)] = "Shorter side in pixels to which images of a folder are brought before the centre is cut out; none = --image-size; 256 for 224 is usual",
        [nameof(TrainOptions.CropArea)] = "Smallest share of the area that a random resized crop keeps, for images of a folder; above 0 to 1; none = padded crop; 0.08 is usual",
        [nameof(TrainOptions.Cutout)] = "Side of Cutout's square in pixels; 0 = no Cutout; none = as usual for the data set",
        [nameof(TrainOptions.LabelSmoothing)] = "Share of each label that is spread over all classes; 0 to below 1",
        [nameof(TrainOptions.Auxiliary)] = "Train with an auxiliary head",
        [nameof(TrainOptions.AuxiliaryWeight)] = "Weight of its loss; 0 or more",
    };
}
