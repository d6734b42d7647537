using DcpNas.Assessment.ReIdentification;
using DcpNas.Runs;
using DcpNas.Tasks.ReIdentification;

namespace DcpNas.Assessment;

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
    public static (int Images, int Features) Execute(EvaluationOptions options, string path, Action<int, int> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(progress);
        OutputGuard.File(path, options.Model, options.Data);
        WriteProbe.File(path);
        if (AssessedModel.TaskOf(options.Model) == ReIdentificationTask.TaskName)
        {
            return PersonFeatures.Write(options, path, progress, cancel);
        }

        using var setup = EvaluationSetup.Open(options, "A detector has no features of whole images: use a classifier or a network of reid train.");
        var features = setup.Model.Network.Backbone.FeatureCount;
        FeatureFile.Write(path, setup.Images, setup.Indices, features, setup.Pass.Features(done => progress(done, setup.Indices.Count), cancel), new Dictionary<string, string>
        {
            ["kind"] = "features",
            ["dataset"] = setup.Images.Name,
            ["split"] = options.Split,
            ["model"] = setup.Model.Path,
        });
        return (setup.Indices.Count, features);
    }
}
