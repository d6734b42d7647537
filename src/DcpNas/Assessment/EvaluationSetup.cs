using DcpNas.Data;
using DcpNas.Runs;
using DcpNas.Tasks.Classification;
using DcpNas.Training;

namespace DcpNas.Assessment;

/// <summary>A trained network and the images that it is to be run over, checked against each other.</summary>
internal sealed class EvaluationSetup : IDisposable
{
    private readonly AssessedModel _model;

    private EvaluationSetup(EvaluationOptions options, AssessedModel model)
    {
        _model = model;
        (Images, Indices, Files) = OpenImages(options);
        var preprocessing = Model.Info.Preprocessing;
        if (Images.Channels != preprocessing.Channels)
        {
            throw InputException.InFile(Model.Path, "preprocessing.channels", $"the {Images.Channels} of {Images.Name}", $"{preprocessing.Channels}", "Use data with as many colour channels as those of the training.");
        }

        Pass = new EvaluationPass(Model.Network, Images, Indices, new BatchLoaderOptions
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
    public EvaluationPass Pass { get; }

    /// <summary>Loads and checks everything.</summary>
    /// <param name="options">Network and images.</param>
    /// <param name="remedy">What to do where the network is no classifier.</param>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">The model, the device or the data cannot be used, or do not belong together.</exception>
    public static EvaluationSetup Open(EvaluationOptions options, string remedy = "Use dcpnas reid evaluate for re-identification, dcpnas detect evaluate for detection.")
    {
        var model = AssessedModel.Open(options, ClassificationTask.TaskName, remedy);
        try
        {
            return new EvaluationSetup(options, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private (IImageDataset Images, IReadOnlyList<int> Indices, EvaluationFiles Files) OpenImages(EvaluationOptions options)
    {
        var run = ReadRun();
        var dataset = options.Dataset ?? run?.Dataset
            ?? throw new InputException($"{Model.Path}: lies in no training run, so its data are not known (it learned from {Model.Info.Dataset}). Name them with --dataset.");
        var isThatOfRun = run is not null && run.Dataset == dataset && (options.Data is null || options.Data == run.Data);
        var sizes = new DatasetOptions { ImageSize = Model.Info.Preprocessing.Height, ResizeTo = Model.Info.Preprocessing.ResizeTo };
        var pair = DatasetCatalog.Open(dataset, options.Data ?? (isThatOfRun ? run!.Data : null), sizes with { SyntheticTrainImages = run?.TrainImages ?? sizes.SyntheticTrainImages });
        if (options.Split == AssessmentOptions.Test)
        {
            var usual = (isThatOfRun ? run!.TestImages : null) ?? pair.Test.Count;
            return (pair.Test, DataSplit.Subset(pair.Test, run?.Seed ?? 0, options.Images ?? usual), FilesOf(usual));
        }

        if (!isThatOfRun)
        {
            throw new InputException($"{Model.Path}: which images were held out is known only to the run that trained it, on its own data. Name a run folder without other data, or use --split {AssessmentOptions.Test}.");
        }

        var held = HoldOutSplit.Of(pair.Train, run!.Seed, run.ValidationShare, run.TrainImages).Validation;
        return (pair.Train, DataSplit.Subset(pair.Train, run.Seed, options.Images, held), FilesOf(held.Count));

        EvaluationFiles FilesOf(int usual) => new()
        {
            Model = Model.Path,
            Split = options.Split,
            OtherDataset = run is null || isThatOfRun ? null : dataset,
            OtherImages = options.Images == usual ? null : options.Images,
        };
    }

    /// <summary>The options of the run folder that the model lies in; null where it lies elsewhere.</summary>
    private TrainOptions? ReadRun()
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Model.Path))!, RunFiles.Options);
        return File.Exists(path) ? TrainOptions.FromJson(JsonFiles.ReadObject(path).ToJsonString(), path) : null;
    }
}
