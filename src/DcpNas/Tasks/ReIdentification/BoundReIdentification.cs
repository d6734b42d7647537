using System.Text.Json.Nodes;
using DcpNas.Data;
using DcpNas.Data.ReIdentification;
using DcpNas.Protocols.ReIdentification;
using TorchSharp;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>Person re-identification bound to a data set.</summary>
public sealed class BoundReIdentification : IBoundTask
{
    private const int Lists = 8, Ranks = 10;
    private readonly ReIdentificationData _data;

    /// <summary>Splits the images and creates the task for their persons.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="options">How the images become batches.</param>
    /// <exception cref="InputException">There are too few persons.</exception>
    public BoundReIdentification(PersonDataset dataset, ReIdentificationLossOptions loss, ReIdentificationDataOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        _data = new ReIdentificationData(dataset, options);
        Task = new ReIdentificationTask(_data.Split.Labels.Count, loss);
    }

    /// <inheritdoc/>
    public ITask Task { get; }

    /// <inheritdoc/>
    public ITaskData Data => _data;

    /// <inheritdoc/>
    public string DatasetName => _data.Dataset.Name;

    /// <inheritdoc/>
    public DataIdentity DataIdentity
    {
        get
        {
            var train = _data.Dataset.Train;
            return new DataIdentity(
                $"{DatasetName}, {train.Count} images, {train.ClassNames.Count} persons, {train.Channels} x {train.Height} x {train.Width}",
                train.ClassNames,
                DataDigest.Of(train, _data.Dataset.Query, _data.Dataset.Gallery));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => _data.Dataset.Warnings;

    /// <inheritdoc/>
    public Preprocessing Preprocessing
    {
        get
        {
            var train = _data.Dataset.Train;
            return new Preprocessing(train.Height, train.Width, train.Channels, _data.Dataset.Statistics) { Stretch = true };
        }
    }

    /// <inheritdoc/>
    public TaskImageCounts Images
    {
        get
        {
            var test = _data.Dataset.Query.Count + _data.Dataset.Gallery.Count;
            return new TaskImageCounts(_data.Split.Training.Count, _data.Split.Validation.Count, test, test);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Training images are checked too: they are small and few in this field, so that it takes seconds.</remarks>
    public void CheckImages(Action<int, int> progress, CancellationToken cancel)
    {
        List<(IPersonImages Images, int Index)> all =
        [
            .. ((IEnumerable<IPersonImages>)[_data.Dataset.Train, _data.Dataset.Query, _data.Dataset.Gallery]).Where(images => images.IsDecodedWhenRead)
                .SelectMany(images => Enumerable.Range(0, images.Count).Select(index => (images, index))),
        ];
        ImagePrecheck.Run([.. Enumerable.Range(0, all.Count)], place => all[place].Images.ReadPixels(all[place].Index, new byte[all[place].Images.BytesPerImage]), torch.get_num_threads(), progress, cancel);
    }

    /// <inheritdoc/>
    public JsonObject Samples(TaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var (query, gallery) = (_data.Dataset.Query, _data.Dataset.Gallery);
        int[] shown = [.. RankedLists.Spread(query.Count, Lists)];
        var evaluator = new ReIdentificationEvaluator(
            EmbeddingPass.Run(network, query, _data.Plain), EmbeddingPass.Run(network, gallery, _data.Plain),
            new ReIdentificationOptions { Distance = FeatureDistance.Cosine, Threads = torch.get_num_threads() });
        var lists = evaluator.Rank(shown, Ranks);
        return new JsonObject
        {
            ["note"] = "Test queries, evenly spread, each with the gallery images that come nearest (cosine), best first; images of the same person and camera are left out.",
            ["groups"] = new JsonArray([.. shown.Zip(lists, (asked, list) => (JsonNode)new JsonObject
            {
                ["heading"] = $"person {query.Identity(asked)}, camera {query.Camera(asked)}",
                ["images"] = new JsonArray([Image(query, asked, "query", true), .. list.Select(ranked =>
                    Image(gallery, ranked.Image, $"{(ranked.IsMatch ? "hit" : "miss")}, camera {gallery.Camera(ranked.Image)}", ranked.IsMatch))]),
            })]),
        };

        static JsonNode Image(IPersonImages images, int index, string caption, bool good) => new JsonObject
        {
            ["png"] = Convert.ToBase64String(ImageEncoder.Png(images, index)),
            ["caption"] = caption,
            ["good"] = good,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();
}
