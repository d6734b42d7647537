using System.Text.Json.Nodes;
using DcpNas.Data;
using TorchSharp;

namespace DcpNas.Tasks.Classification;

/// <summary>Classification bound to a data set.</summary>
public sealed class BoundClassifier : IBoundTask
{
    private const int SamplesShown = 24;
    private readonly ClassificationData _data;
    private readonly torch.Device? _device;
    private readonly int? _resizeTo;
    private readonly string? _note;

    /// <summary>Splits the images and creates the task for their classes.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="options">How the images become batches.</param>
    /// <param name="resizeTo">Pixels of the shorter side before the centre is cut out; null: as few as the cut needs.</param>
    /// <param name="note">What a user should know of the images; null: nothing.</param>
    /// <exception cref="InputException">There are too few images or classes.</exception>
    public BoundClassifier(DatasetPair dataset, ClassificationOptions loss, TaskDataOptions options, int? resizeTo = null, string? note = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        Task = new ClassificationTask(dataset.Train.ClassNames, loss);
        _data = new ClassificationData(dataset, options);
        _device = options.Device;
        (_resizeTo, _note) = (resizeTo, note);
    }

    /// <inheritdoc/>
    public ITask Task { get; }

    /// <inheritdoc/>
    public ITaskData Data => _data;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => _note is null ? [] : [_note];

    /// <inheritdoc/>
    public string DatasetName => _data.Dataset.Name;

    /// <inheritdoc/>
    public DataIdentity DataIdentity
    {
        get
        {
            var train = _data.Dataset.Train;
            return new DataIdentity(
                $"{train.Kind}, {train.Count} images, {train.ClassNames.Count} classes, {train.Channels} x {train.Height} x {train.Width}", train.ClassNames, DataDigest.Of(train, _data.Dataset.Test));
        }
    }

    /// <inheritdoc/>
    public Preprocessing Preprocessing
    {
        get
        {
            var train = _data.Dataset.Train;
            return new Preprocessing(train.Height, train.Width, train.Channels, _data.Dataset.Statistics, _resizeTo);
        }
    }

    /// <inheritdoc/>
    public TaskImageCounts Images => _data.Images;

    /// <inheritdoc/>
    public void CheckImages(Action<int, int> progress, CancellationToken cancel)
    {
        var images = _data.Dataset.Test;
        if (images.IsDecodedWhenRead)
        {
            ImagePrecheck.Run(_data.TestImages, index => images.ReadPixels(index, new byte[images.BytesPerImage]), torch.get_num_threads(), progress, cancel);
        }
    }

    /// <inheritdoc/>
    public JsonObject Samples(TaskNetwork network) =>
        SamplePredictions.Of(network, Task.ClassNames, _data.Dataset.Statistics, _data.Dataset.Test, _data.TestImages, SamplesShown, _device);

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();
}
