using DcpNas.Data.Detection;
using DcpNas.Runtime;

namespace DcpNas.Cli.Models;

/// <summary>Finds objects with a packed detector.</summary>
internal sealed class PackedBoxFinder : BoxFinder
{
    private readonly PackedRunnerPool _pool;
    private readonly int _threads;

    /// <summary>Prepares a packed detector.</summary>
    /// <param name="file">The model.</param>
    /// <param name="threads">Images in work at a time.</param>
    /// <param name="mode">What is computed with.</param>
    /// <exception cref="InputException">The model cannot find objects in image files.</exception>
    public PackedBoxFinder(ModelFile file, int threads, NumericMode mode = NumericMode.Exact)
        : base(file.Path)
    {
        if (file.Model.Info.Detector is null)
        {
            throw new InputException($"{file.Path}: the model is no detector: it does not say how its outputs become boxes. Name another model.");
        }

        if (file.Model.Info.Preprocessing is null || file.Model.Graph.Input.Channels != 3)
        {
            throw new InputException($"{file.Path}: the model does not read colour images as files hold them. Run it from a program that prepares images itself.");
        }

        _threads = threads;
        _pool = new PackedRunnerPool(file.Model, threads, new PackedRunnerOptions { Mode = mode });
        _pool.Rent().Dispose(); // a model that takes too much memory is refused here, not in the middle
    }

    /// <inheritdoc/>
    public override IEnumerable<ImageBoxes> Run(IReadOnlyList<string> files, double score, CancellationToken cancellation = default) => files
        .AsParallel()
        .AsOrdered()
        .WithDegreeOfParallelism(_threads)
        .WithMergeOptions(ParallelMergeOptions.NotBuffered)
        .WithCancellation(cancellation)
        .Select(file => Find(file, score));

    /// <inheritdoc/>
    public override void Dispose() => _pool.Dispose();

    /// <inheritdoc/>
    protected override IReadOnlyList<Detection> All(PixelImage image)
    {
        var input = _pool.Model.Graph.Input;
        using var lease = _pool.Rent();
        lease.Runner.Run(ImageScaling.Scale(image, input.Height, input.Width));
        return lease.Runner.Detections(0, image.Width, image.Height);
    }
}
