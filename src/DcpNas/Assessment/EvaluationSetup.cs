using DcpNas.Data;
using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.Tasks.Classification;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Assessment;

/// <summary>A trained network and the images that it is to be run over, checked against each other.</summary>
internal sealed class EvaluationSetup : IDisposable
{
    private readonly DefaultDevice _defaultDevice;

    private EvaluationSetup(EvaluationOptions options, Device device)
    {
        _defaultDevice = new DefaultDevice(device);
        try
        {
            Model = TrainedModel.Load(options.Model);
            try
            {
                Model.ThrowIfNotOf(ClassificationTask.TaskName, "Use the evaluation of its own task.");
                (Images, Indices) = OpenImages(options);
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
                    Device = device,
                });
            }
            catch
            {
                Model.Dispose();
                throw;
            }
        }
        catch
        {
            _defaultDevice.Dispose();
            throw;
        }
    }

    /// <summary>The network.</summary>
    public TrainedModel Model { get; }

    /// <summary>The images.</summary>
    public IImageDataset Images { get; }

    /// <summary>Which of them.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>Runs the network over them.</summary>
    public EvaluationPass Pass { get; }

    /// <summary>Loads and checks everything.</summary>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">The model, the device or the data cannot be used, or do not belong together.</exception>
    public static EvaluationSetup Open(EvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new OptionsException("options", problems);
        }

        LibTorch.Load();
        var device = Devices.Parse(options.Device);
        Threads.Set(options.Threads);
        return new EvaluationSetup(options, device);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        _defaultDevice.Dispose();
    }

    private (IImageDataset Images, IReadOnlyList<int> Indices) OpenImages(EvaluationOptions options)
    {
        var run = ReadRun();
        var dataset = options.Dataset ?? run?.Dataset
            ?? throw new InputException($"{Model.Path}: lies in no training run, so its data are not known (it learned from {Model.Info.Dataset}). Name them with --dataset.");
        var isThatOfRun = run is not null && run.Dataset == dataset && (options.Data is null || options.Data == run.Data);
        var sizes = new DatasetOptions { ImageSize = Model.Info.Preprocessing.Height, ResizeTo = Model.Info.Preprocessing.ResizeTo };
        var pair = DatasetCatalog.Open(dataset, options.Data ?? (isThatOfRun ? run!.Data : null), sizes with { SyntheticTrainImages = run?.TrainImages ?? sizes.SyntheticTrainImages });
        if (options.Split == EvaluationOptions.Test)
        {
            return (pair.Test, DataSplit.Subset(pair.Test, run?.Seed ?? 0, options.Images ?? (isThatOfRun ? run!.TestImages : null)));
        }

        if (!isThatOfRun)
        {
            throw new InputException($"{Model.Path}: which images were held out is known only to the run that trained it, on its own data. Name a run folder without other data, or use --split {EvaluationOptions.Test}.");
        }

        var held = HoldOutSplit.Of(pair.Train, run!.Seed, run.ValidationShare, run.TrainImages).Validation;
        return (pair.Train, [.. held.Take(options.Images ?? held.Count)]);
    }

    /// <summary>The options of the run folder that the model lies in; null where it lies elsewhere.</summary>
    private TrainOptions? ReadRun()
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Model.Path))!, RunFiles.Options);
        return File.Exists(path) ? TrainOptions.FromJson(JsonFiles.ReadObject(path).ToJsonString(), path) : null;
    }
}
