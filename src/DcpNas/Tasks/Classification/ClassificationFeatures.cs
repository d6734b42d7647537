using DcpNas.Evaluation;

namespace DcpNas.Tasks.Classification;

/// <summary>Writes the pooled features that a classifier makes of images. Their classes need not be those of the training.</summary>
internal static class ClassificationFeatures
{
    /// <inheritdoc cref="WriteFeatures"/>
    public static (int Images, int Features) Write(FeatureOptions options, string path, Action<int, int> progress, CancellationToken cancel)
    {
        using var setup = ClassificationEvaluationSetup.Open(new ClassificationEvaluationOptions
        {
            Model = options.Model,
            Dataset = options.Dataset,
            Data = options.Data,
            Split = options.Split,
            Images = options.Images,
            BatchSize = options.BatchSize,
            Workers = options.Workers,
            Device = options.Device,
            Threads = options.Threads,
        });
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
