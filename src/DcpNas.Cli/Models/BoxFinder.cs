using DcpNas.Assessment;
using DcpNas.Data.Detection;
using DcpNas.Runtime;

namespace DcpNas.Cli.Models;

/// <summary>Finds objects in image files with a packed detector or with a checkpoint.</summary>
internal sealed class BoxFinder : IDisposable
{
    private readonly PackedRunnerPool? _pool;
    private readonly CheckpointDetector? _checkpoint;
    private readonly int _threads;

    /// <summary>Prepares a packed detector.</summary>
    /// <param name="file">The model.</param>
    /// <param name="threads">Images in work at a time.</param>
    /// <param name="mode">What is computed with.</param>
    /// <exception cref="InputException">The model cannot find objects in image files.</exception>
    public BoxFinder(ModelFile file, int threads, NumericMode mode = NumericMode.Exact)
    {
        if (file.Model.Info.Detector is null)
        {
            throw new InputException($"{file.Path}: the model is no detector: it does not say how its outputs become boxes. Name another model.");
        }

        if (file.Model.Info.Preprocessing is null || file.Model.Graph.Input.Channels != 3)
        {
            throw new InputException($"{file.Path}: the model does not read colour images as files hold them. Run it from a program that prepares images itself.");
        }

        (Path, _threads) = (file.Path, threads);
        _pool = new PackedRunnerPool(file.Model, threads, new PackedRunnerOptions { Mode = mode });
        _pool.Rent().Dispose(); // a model that takes too much memory is refused here, not in the middle
    }

    /// <summary>Prepares a checkpoint, which works on one image at a time.</summary>
    /// <param name="checkpoint">Is disposed with this.</param>
    public BoxFinder(CheckpointDetector checkpoint) => (Path, _threads, _checkpoint) = (checkpoint.Path, 1, checkpoint);

    /// <summary>The model.</summary>
    public string Path { get; }

    /// <summary>Finds objects, in the order of the files whatever the number of threads.</summary>
    /// <param name="files">The files.</param>
    /// <param name="score">The least score.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">Cancelled before the last image.</exception>
    public IEnumerable<ImageBoxes> Run(IReadOnlyList<string> files, double score, CancellationToken cancellation = default) => _checkpoint is not null
        ? files.Select(file =>
        {
            cancellation.ThrowIfCancellationRequested();
            return Find(file, score);
        })
        : files.AsParallel().AsOrdered().WithDegreeOfParallelism(_threads).WithMergeOptions(ParallelMergeOptions.NotBuffered).WithCancellation(cancellation).Select(file => Find(file, score));

    /// <inheritdoc/>
    public void Dispose()
    {
        _pool?.Dispose();
        _checkpoint?.Dispose();
    }

    private ImageBoxes Find(string file, double score)
    {
        PixelImage image;
        try
        {
            image = ImageScaling.Read(file);
        }
        catch (InputException error)
        {
            return new ImageBoxes(file, null, [], error.Message);
        }

        return new ImageBoxes(file, image, [.. All(image).Where(box => box.Score >= score)], null);
    }

    private IReadOnlyList<Detection> All(PixelImage image)
    {
        if (_checkpoint is not null)
        {
            return _checkpoint.Find(image);
        }

        var input = _pool!.Model.Graph.Input;
        using var lease = _pool.Rent();
        lease.Runner.Run(ImageScaling.Scale(image, input.Height, input.Width));
        return lease.Runner.Detections(0, image.Width, image.Height);
    }
}
