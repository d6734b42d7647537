using DcpNas.Data;
using DcpNas.Evaluation;
using DcpNas.Training;

namespace DcpNas.Tasks.Classification;

/// <summary>A trained network and the images that it is to be run over, checked against each other.</summary>
internal sealed class ClassificationEvaluationSetup : IDisposable
{
    private readonly EvaluatedModel _model;

    private ClassificationEvaluationSetup(ClassificationEvaluationOptions options, EvaluatedModel model)
    {
        _model = model;
        var data = ModelData.Find<TrainOptions>(Model, options.Dataset, options.Data, options.Split);
        var images = data.Options.OpenSplits();
        (Images, Indices, _) = images.Split(options.Split, options.Images);
        Files = new EvaluationFiles
        {
            Model = Model.Path,
            Split = options.Split,
            OtherDataset = data.OtherDataset,
            OtherImages = options.Images == images.Split(options.Split).Indices.Count ? null : options.Images,
        };
        var preprocessing = Model.Info.Preprocessing;
        if (Images.Channels != preprocessing.Channels)
        {
            throw InputException.InFile(Model.Path, "preprocessing.channels", $"the {Images.Channels} of {Images.Name}", $"{preprocessing.Channels}", "Use data with as many colour channels as those of the training.");
        }

        Pass = new ClassificationEvaluationPass(Model.Network, Images, Indices, new BatchLoaderOptions
        {
            BatchSize = options.BatchSize,
            Workers = options.Workers,
            ChannelsLast = true,
            Statistics = preprocessing.Statistics, // those of the training, whatever the images
            Device = model.Device,
        });
    }

    /// <summary>The network.</summary>
    public TrainedModel Model => _model.Trained;

    /// <summary>The images.</summary>
    public IImageDataset Images { get; }

    /// <summary>Which of them.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>What files of this evaluation are called.</summary>
    public EvaluationFiles Files { get; }

    /// <summary>Runs the network over them.</summary>
    public ClassificationEvaluationPass Pass { get; }

    /// <summary>Loads and checks everything.</summary>
    /// <param name="options">Network and images.</param>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">The model, the device or the data cannot be used, or do not belong together.</exception>
    public static ClassificationEvaluationSetup Open(ClassificationEvaluationOptions options) =>
        EvaluatedModel.Open(options, ClassificationTask.TaskName, model => new ClassificationEvaluationSetup(options, model));

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
