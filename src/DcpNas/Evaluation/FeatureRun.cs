using DcpNas.Runs;
using DcpNas.Tasks;
using DcpNas.Training;

namespace DcpNas.Evaluation;

/// <summary>Writes what a trained network makes of images, for retrieval, clustering or another classifier.</summary>
public static class FeatureRun
{
    /// <summary>Runs the backbone over a split, or a network of embeddings over queries and gallery, and writes a <see cref="FeatureFile"/>. The classes of the images need not be those of the training.</summary>
    /// <param name="options">Network and images.</param>
    /// <param name="path">The file.</param>
    /// <param name="progress">Is told images done and images in all.</param>
    /// <param name="cancel">Stops after a batch; no file is left then.</param>
    /// <returns>N and F.</returns>
    /// <exception cref="InputException">Options, network or images cannot be used, or the file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (int Images, int Features) Execute(FeatureOptions options, string path, Action<int, int> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(progress);
        OutputGuard.File(path, options.Model, options.Data);
        WriteProbe.File(path);
        var task = TrainedModel.TaskOf(options.Model);
        return task.Features is { } write
            ? write(options, path, progress, cancel)
            : throw new InputException($"{options.Model}: a network of the task {task.Name} has no features of whole images. "
                + $"Use one of {string.Join(" or ", TaskTable.All.Where(row => row.Features is not null).Select(row => row.Name))}.");
    }
}
