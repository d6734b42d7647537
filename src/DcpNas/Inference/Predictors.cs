namespace DcpNas.Inference;

/// <summary>Opens networks and asks them about many images.</summary>
public static class Predictors
{
    /// <summary>What <see cref="Open"/> opens, for help texts.</summary>
    public const string Openable = "Packed model, folder of a training run, or checkpoint";

    /// <summary>Opens a network, packed or not.</summary>
    /// <param name="path">A packed model, the folder of a training run, or a checkpoint.</param>
    /// <param name="options">How it is asked.</param>
    /// <exception cref="InputException">It is no trained network, or one that does not read image files.</exception>
    /// <exception cref="Runtime.PackedModelException">It is neither a checkpoint nor a sound packed model.</exception>
    public static IPredictor Open(string path, PredictorOptions options) =>
        ModelFile.OpenUnlessCheckpoint(path) is { } file ? new PackedPredictor(file, options) : new CheckpointPredictor(path, options);

    /// <summary>Asks about image files; results come in their order, whatever the number of threads.</summary>
    /// <param name="predictor">The network.</param>
    /// <param name="files">The files; what cannot be used becomes a <see cref="ImageResult.Problem"/>.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">Cancelled before the last image.</exception>
    public static IEnumerable<ImageResult> Run(this IPredictor predictor, IReadOnlyList<string> files, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        return predictor.Threads == 1
            ? files.Select(file =>
            {
                cancellation.ThrowIfCancellationRequested();
                return Try(predictor, file);
            })
            : files.AsParallel().AsOrdered().WithDegreeOfParallelism(predictor.Threads).WithMergeOptions(ParallelMergeOptions.NotBuffered).WithCancellation(cancellation)
                .Select(file => Try(predictor, file));
    }

    private static ImageResult Try(IPredictor predictor, string file)
    {
        try
        {
            return predictor.Predict(file);
        }
        catch (InputException error)
        {
            return new ImageResult(file) { Problem = error.Message };
        }
    }
}
