using System.Text.Json.Nodes;
using DcpNas.Data;
using DcpNas.Data.Detection;
using static TorchSharp.torch;
using AnchorSize = DcpNas.Runtime.AnchorSize;

namespace DcpNas.Tasks.Detection;

/// <summary>Detection bound to a data set.</summary>
public sealed class BoundDetector : IBoundTask
{
    private const int SamplesShown = 12;
    private const double ShownScore = 0.3;
    private readonly DetectionData _data;
    private readonly DetectionTask _task;
    private readonly DetectionDataOptions _options;

    /// <summary>Splits the images, finds anchors in those that are learned from, and creates the task.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="levels">Resolutions at which objects are looked for.</param>
    /// <param name="anchorsPerPixel">How many anchor sizes to find for each of them.</param>
    /// <param name="create">Creates the detector with these sizes.</param>
    /// <param name="options">How the images become batches.</param>
    /// <exception cref="InputException">There are too few images or no object.</exception>
    public BoundDetector(
        DetectionDatasetPair dataset, int levels, int anchorsPerPixel, Func<IReadOnlyList<IReadOnlyList<AnchorSize>>, IDetector> create, DetectionDataOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Statistics = DetectionStatistics.Colours(dataset.Train);
        _data = new DetectionData(dataset, Statistics, options);
        var sizes = DetectionStatistics.Sizes(new DetectionSubset(dataset.Train, _data.Training));
        _task = new DetectionTask(dataset.Train.ClassNames, create(AnchorClustering.ForLevels(sizes, levels, anchorsPerPixel, options.Seed)));
    }

    /// <summary>The normalisation of the images.</summary>
    public ChannelStatistics Statistics { get; }

    /// <inheritdoc/>
    public ITask Task => _task;

    /// <inheritdoc/>
    public ITaskData Data => _data;

    /// <inheritdoc/>
    public string DatasetName => _data.Dataset.Name;

    /// <inheritdoc/>
    public DataIdentity DataIdentity => new(
        $"{_data.Dataset.Train.Kind}, {_data.Dataset.Train.Count} images, {_data.Dataset.Train.ClassNames.Count} classes, {_options.ImageSize} x {_options.ImageSize}"
        + string.Concat(_data.Dataset.Notes.Select(note => $"; {note.Split(';')[0]}")), // counts alone: a path may change
        _data.Dataset.Train.ClassNames,
        DataDigest.OfBoxes(_data.Dataset.Train, _data.Dataset.Test));

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => _data.Dataset.Notes;

    /// <inheritdoc/>
    public Preprocessing Preprocessing => new(_options.ImageSize, _options.ImageSize, 3, Statistics) { Stretch = true };

    /// <inheritdoc/>
    public TaskImageCounts Images => new(_data.Training.Count, _data.Validation.Count, _data.Test.Count, _data.Dataset.Test.Count);

    /// <inheritdoc/>
    public void CheckImages(Action<int, int> progress, CancellationToken cancel)
    {
        var images = _data.Dataset.Test;
        if (images.IsDecodedWhenRead)
        {
            ImagePrecheck.Run(_data.Test, index => images.Read(index), get_num_threads(), progress, cancel);
        }
    }

    /// <inheritdoc/>
    public JsonObject Samples(TaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var count = Math.Min(SamplesShown, _data.Test.Count);
        int[] shown = [.. Enumerable.Range(0, count).Select(i => _data.Test[(int)((long)i * _data.Test.Count / count)])];
        var evaluator = new DetectionEvaluator(_task.ClassNames, _task.Detector);
        network.eval();
        foreach (var batch in _data.Plain(_data.Dataset.Test, shown))
        {
            using var taken = batch;
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            evaluator.Add(network.Run(batch.Images).Main, batch);
        }

        var found = evaluator.Detections.Where(box => box.Score >= ShownScore).ToLookup(box => box.Image);
        return new JsonObject
        {
            ["note"] = FormattableString.Invariant($"Test images. White: what is there. Coloured: what the network finds with a score of {ShownScore} or more."),
            ["groups"] = new JsonArray(new JsonObject
            {
                ["heading"] = "Detections",
                ["images"] = new JsonArray([.. shown.Select(index => (JsonNode)new JsonObject
                {
                    ["png"] = Convert.ToBase64String(BoxPicture.Png(
                        _data.Dataset.Test.Read(index),
                        [
                            .. _data.Dataset.Test.Boxes(index).Select(box => new PictureBox("", null, box.Left, box.Top, box.Right, box.Bottom)),
                            .. found[index].Select(box => new PictureBox(
                                FormattableString.Invariant($"{_task.ClassNames[(int)box.Category]} {box.Score:0.00}"), (int)box.Category, box.Box.X1, box.Box.Y1, box.Box.X2, box.Box.Y2)),
                        ],
                        BoxPicture.SmallestSide, BoxPicture.LargestSide)),
                    ["caption"] = Caption(_data.Dataset.Test, index, found[index].Count()),
                    ["good"] = found[index].Count() == _data.Dataset.Test.Boxes(index).Count(box => box.IsTarget),
                })]),
            }),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();

    private static string Caption(IDetectionDataset images, int index, int found) =>
        $"{images.ImageName(index)}: {images.Boxes(index).Count(box => box.IsTarget)} there, {found} found";
}
