using System.Text.Json.Nodes;
using DcpNas.Data;
using DcpNas.Tasks.Classification;
using DcpNas.Training;

namespace DcpNas.Populations;

/// <summary>What all networks of a population have in common: images and training. Accuracies compare within one testbed only.</summary>
/// <param name="Train">The resolved options of the training, without genotype, seed and the folder of the data.</param>
/// <param name="Data">The images: kind, classes, size, numbers, digest.</param>
public sealed record PopulationTestbed(JsonObject Train, JsonObject Data)
{
    /// <summary>The key of the kind of images.</summary>
    public const string KindKey = "kind";

    /// <summary>The key of the number of classes.</summary>
    public const string ClassesKey = "classes";

    /// <summary>The key of the size of the images, as <c>3 x 32 x 32</c>.</summary>
    public const string SizeKey = "size";

    private static readonly string[] NotCommon = ["genotype", "seed", "data"];

    /// <summary>Options that may differ between trainings of one testbed: where data lie, and what changes speed and last digits at most.</summary>
    public static IReadOnlyCollection<string> MayDiffer { get; } = [.. TrainingOptions.MayChange, "threads", "device"];

    /// <summary>The testbed of trainings.</summary>
    /// <param name="options">Their common options.</param>
    /// <param name="dataset">The images.</param>
    public static PopulationTestbed Of(TrainOptions options, DatasetPair dataset)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(dataset);
        var (train, test) = (dataset.Train, dataset.Test);
        return new(WithoutJob(options.ToJson()), new JsonObject
        {
            ["name"] = train.Name,
            [KindKey] = train.Kind,
            [ClassesKey] = train.ClassNames.Count,
            [SizeKey] = SizeOf(train),
            ["train_images"] = train.Count,
            ["test_images"] = test.Count,
            ["digest"] = DatasetDigest.Of(dataset),
        });
    }

    /// <summary>The size of images in words.</summary>
    public static string SizeOf(IImageDataset images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return $"{images.Channels} x {images.Height} x {images.Width}";
    }

    /// <summary>The first option or fact in which another testbed differs, as "train.epochs: 6 there, 12 here"; null where networks of both compare.</summary>
    /// <param name="other">The other one, which the sentence calls "there".</param>
    /// <param name="mayDiffer">Further dotted keys that may differ, as <c>train.channels</c>.</param>
    public string? FirstDifference(PopulationTestbed other, IReadOnlyCollection<string>? mayDiffer = null)
    {
        ArgumentNullException.ThrowIfNull(other);
        return FirstDifference("data", other.Data, Data, ["name", .. Own(mayDiffer, "data.")])
            ?? FirstDifference("train", other.Train, Train, [.. MayDiffer, .. Own(mayDiffer, "train.")]);
    }

    /// <summary>The same for the options of one training alone, as its run folder holds them.</summary>
    /// <param name="options">The options of the training, which the sentence calls "there".</param>
    /// <param name="source">What messages call them.</param>
    /// <exception cref="OptionsException">A value stands under its key of today and its former one.</exception>
    public string? FirstDifference(JsonObject options, string source) =>
        FirstDifference("train", OptionsJson.Current(typeof(TrainOptions), WithoutJob(options), source), Train, MayDiffer);

    private static IEnumerable<string> Own(IReadOnlyCollection<string>? keys, string prefix) =>
        (keys ?? []).Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(key => key[prefix.Length..]);

    private static string? FirstDifference(string part, JsonObject there, JsonObject here, IReadOnlyCollection<string> mayDiffer)
    {
        // Through text once: numbers compare as files give them back.
        return JsonFiles.Differences(Reread(there), Reread(here), mayDiffer).Select(one => $"{part}.{one.Key}: {one.There} there, {one.Here} here").FirstOrDefault();
    }

    private static JsonObject Reread(JsonObject json) => (JsonObject)JsonNode.Parse(json.ToJsonString())!;

    private static JsonObject WithoutJob(JsonObject options)
    {
        var common = (JsonObject)options.DeepClone();
        foreach (var key in NotCommon)
        {
            common.Remove(key);
        }

        return common;
    }
}
