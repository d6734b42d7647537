using DcpNas.Data;
using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.SearchSpace;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using TorchSharp;
using static TorchSharp.torch;

namespace DcpNas.Training;

/// <summary>Everything that a training needs before its first step: device, threads, data, task and the stages.</summary>
public sealed class TrainSetup : IDisposable
{
    private readonly DisposeScope _scope;
    private readonly Device _deviceBefore;
    private readonly ClassificationData _data;

    private TrainSetup(TrainOptions options, Device device, DatasetPair dataset, NetworkDescription network)
    {
        _scope = NewDisposeScope();
        _deviceBefore = get_default_device();
        set_default_device(device);
        Device = device;
        Options = options;
        Network = network;
        Stages = TrainPlan.Stages(options, network);
        Task = new ClassificationTask(dataset.Train.ClassNames, options.Loss);
        _data = new ClassificationData(dataset, options.DataOn(device));
    }

    /// <summary>The options with everything resolved that the machine or a file decides.</summary>
    public TrainOptions Options { get; }

    /// <summary>Where tensors live.</summary>
    public Device Device { get; }

    /// <summary>What is trained.</summary>
    public NetworkDescription Network { get; }

    /// <summary>The stages.</summary>
    public IReadOnlyList<TrainStage> Stages { get; }

    /// <summary>The task.</summary>
    public ITask Task { get; }

    /// <summary>Its batches.</summary>
    public ITaskData Data => _data;

    /// <summary>The images behind them.</summary>
    public DatasetPair Dataset => _data.Dataset;

    /// <summary>Which of them are learned from and which select.</summary>
    public HoldOutSplit Split => _data.Split;

    /// <summary>Which test images are used.</summary>
    public IReadOnlyList<int> TestImages => _data.TestImages;

    /// <summary>What checkpoints say about the network.</summary>
    public ModelInfo Info => new(Network, Task.Name, Task.ClassNames,
        new Preprocessing(Dataset.Train.Height, Dataset.Train.Width, Dataset.Train.Channels, Dataset.Statistics), Dataset.Name);

    /// <summary>What identifies the data of a run: name, number of images, classes and size.</summary>
    public string DataIdentity
    {
        get
        {
            var train = Dataset.Train;
            return $"{Dataset.Name}, {train.Count} images, {train.ClassNames.Count} classes, {train.Channels} x {train.Height} x {train.Width}";
        }
    }

    /// <summary>Checks the options and builds everything.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="dataset">The images; null opens those that the options name.</param>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">Genotype, device, data, teacher or backbone cannot be used.</exception>
    public static TrainSetup Prepare(TrainOptions options, DatasetPair? dataset = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Refuse(options.Problems());
        LibTorch.Load();
        var device = Devices.Parse(options.Device);
        Autocast.ThrowIfUnusable(options.ComputeType, device);
        var genotype = options.Genotype is { } name ? Genotype.Resolve(name) : null;
        options = options with
        {
            Genotype = genotype?.ToString(),
            Threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads,
            Device = device.ToString(),
        };
        set_num_threads(options.Threads);
        dataset ??= DatasetCatalog.Open(options.Dataset, options.Data, new DatasetOptions
        {
            ImageSize = options.ImageSize,
            SyntheticTrainImages = options.TrainImages ?? new DatasetOptions().SyntheticTrainImages,
        });
        dataset = dataset with
        {
            Augmentation = dataset.Augmentation with
            {
                CropPadding = options.CropPadding ?? dataset.Augmentation.CropPadding,
                HorizontalFlip = options.Flip ?? dataset.Augmentation.HorizontalFlip,
                CutoutLength = options.Cutout ?? dataset.Augmentation.CutoutLength,
            },
        };
        var network = Describe(options, genotype, dataset.Train);
        Refuse([.. network.Problems(), .. dataset.Augmentation.Problems(dataset.Train.Height, dataset.Train.Width)]);
        var setup = new TrainSetup(options, device, dataset, network);
        try
        {
            setup.Try();
            return setup;
        }
        catch
        {
            setup.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _data.Dispose();
        set_default_device(_deviceBefore);
        _scope.Dispose();
    }

    private static NetworkDescription Describe(TrainOptions options, Genotype? genotype, IImageDataset images) => new()
    {
        Architecture = options.Architecture,
        Genotype = genotype,
        Channels = options.Channels ?? NetworkNames.DefaultChannels(options.Architecture),
        Cells = options.Cells,
        StemMultiplier = options.StemMultiplier,
        Stem = options.Stem,
        ImageHeight = images.Height,
        ImageWidth = images.Width,
        ImageChannels = images.Channels,
        Scheme = options.Scheme,
        Scale = options.Scale,
        ActivationGradient = options.ActivationGradient,
    };

    /// <summary>Meets now what would otherwise end the run after hours: heads that do not fit, teachers and backbones that are not there.</summary>
    private void Try()
    {
        _ = TrainLoop.StepsIn(Data, Options);
        using (var network = TaskNetwork.Create(Network, Task, Options.Auxiliary))
        {
            if (Options.Backbone is { } backbone)
            {
                WeightTransfer.FromBackbone(backbone, network);
            }
        }

        if (Options.Teacher is { } path && !Options.TrainsTwin)
        {
            using var teacher = TrainedModel.Load(path);
            teacher.ThrowIfNotClasses(Task.ClassNames, Dataset.Name);
            if (teacher.Info.Network.ImageChannels != Network.ImageChannels)
            {
                throw InputException.InFile(teacher.Path, "image_channels", $"{Network.ImageChannels}", $"{teacher.Info.Network.ImageChannels}", "Use a teacher that was trained on such images.");
            }
        }
    }

    private static void Refuse(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new OptionsException("options", problems);
        }
    }
}
