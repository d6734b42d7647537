using DcpNas.Data;
using DcpNas.Distributed;
using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.SearchSpace;
using DcpNas.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace DcpNas.Training;

/// <summary>Everything that a training needs before its first step: device, threads, data, task and the stages.</summary>
public sealed class TrainSetup : IDisposable
{
    private readonly DisposeScope _scope;
    private readonly DefaultDevice _defaultDevice;
    private readonly IBoundTask _bound;
    private readonly List<TrainSource> _sources = [];
    private long _stateBytes;

    private TrainSetup(TrainingOptions options, Device device, IBoundTask bound, NetworkDescription network)
    {
        _scope = NewDisposeScope();
        _defaultDevice = new DefaultDevice(device);
        Device = device;
        Options = options;
        Network = network;
        Stages = TrainPlan.Stages(options, network);
        _bound = bound;
    }

    /// <summary>The options with everything resolved that the machine or a file decides.</summary>
    public TrainingOptions Options { get; }

    /// <summary>Where tensors live.</summary>
    public Device Device { get; }

    /// <summary>What is trained.</summary>
    public NetworkDescription Network { get; }

    /// <summary>The stages.</summary>
    public IReadOnlyList<TrainStage> Stages { get; }

    /// <summary>The most that the run folder will hold, in bytes.</summary>
    internal long DiskBytes => TrainDisk.Bytes(Options, _stateBytes, (long)TrainPlan.Epochs(Stages) * TrainLoop.StepsIn(Data, Options));

    /// <summary>One checkpoint, in bytes.</summary>
    internal long CheckpointBytes => TrainDisk.CheckpointBytes(Options, _stateBytes);

    /// <summary>Models of other trainings that this one uses: teacher and backbone, where options name them.</summary>
    public IReadOnlyList<TrainSource> Sources => _sources;

    /// <summary>The task with its images; freed with this.</summary>
    public IBoundTask Bound => _bound;

    /// <summary>The task.</summary>
    public ITask Task => _bound.Task;

    /// <summary>Its batches.</summary>
    public ITaskData Data => _bound.Data;

    /// <summary>What is learned from, for people: name, images used, size.</summary>
    public string DataDescription
    {
        get
        {
            var (images, size) = (_bound.Images, _bound.Preprocessing);
            return $"{_bound.DatasetName}, {images.Training} images to learn from and {images.Validation} to select, {size.Channels} x {size.Height} x {size.Width}";
        }
    }

    /// <summary>What a user should know before the training begins, one sentence each.</summary>
    public IReadOnlyList<string> Warnings => ModelSelection.Warning(_bound.Images) is { } few ? [.. _bound.Warnings, few] : _bound.Warnings;

    /// <summary>What checkpoints say about the network.</summary>
    public ModelInfo Info => new(Network, Task.Name, Task.ClassNames, _bound.Preprocessing, _bound.DatasetName) { TaskDetail = Task.Describe() };

    /// <summary>Checks the options, opens the images that they name and builds everything.</summary>
    /// <param name="options">Settings of any task.</param>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">Genotype, device, data, teacher or backbone cannot be used.</exception>
    public static TrainSetup Prepare(TrainingOptions options) => Prepare(options, (resolved, device) => resolved.Bind(device));

    /// <summary>Checks the options and builds everything on images that the caller opens.</summary>
    /// <inheritdoc cref="Prepare(TrainingOptions)"/>
    /// <param name="options">Settings.</param>
    /// <param name="bind">Binds the task of the resolved options to its images on a device.</param>
    public static TrainSetup Prepare(TrainingOptions options, Func<TrainingOptions, Device, IBoundTask> bind)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(bind);
        Refuse(options.Problems());
        LibTorch.Load();
        var device = Devices.Parse(Collective.Current.DeviceFor(options.Device));
        Autocast.ThrowIfUnusable(options.ComputeType, device);
        var genotype = options.Genotype is { } name ? Genotype.Resolve(name) : null;
        options = options with
        {
            Genotype = genotype?.ToString(),
            Channels = options.Channels ?? genotype?.Size?.Channels,
            Cells = options.Cells ?? genotype?.Size?.Cells ?? TrainingOptions.DefaultCells,
            Threads = Collective.Current.ThreadsFor(options.Threads),
            Device = device.ToString(),
        };
        set_num_threads(options.Threads);
        var bound = bind(options, device);
        TrainSetup? setup = null;
        try
        {
            var network = Describe(options, genotype, bound.Preprocessing);
            Refuse(network.Problems());
            setup = new TrainSetup(options, device, bound, network);
            setup.Try();
            return setup;
        }
        catch
        {
            if (setup is null)
            {
                bound.Dispose();
            }

            setup?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bound.Dispose();
        _defaultDevice.Dispose();
        _scope.Dispose();
    }

    private static NetworkDescription Describe(TrainingOptions options, Genotype? genotype, Preprocessing images) => new()
    {
        Architecture = options.Architecture,
        Genotype = genotype,
        Channels = options.Channels ?? NetworkNames.DefaultChannels(options.Architecture),
        Cells = options.Cells ?? TrainingOptions.DefaultCells,
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
        using (var network = TaskNetwork.Create(Network, Task, Options.HasAuxiliaryHead))
        {
            _stateBytes = ModuleState.Of(network).Values.Sum(value => value.numel() * value.element_size());
            if (Options.Backbone is { } backbone)
            {
                WeightTransfer.FromBackbone(backbone, network);
                _sources.Add(TrainSource.Backbone(backbone));
            }
        }

        if (Options.Teacher is { } path && !Options.TrainsTeacher)
        {
            using var teacher = TrainedModel.Load(path);
            teacher.ThrowIfNotTask(Task, _bound.DatasetName);
            _sources.Add(TrainSource.Teacher(path));
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
