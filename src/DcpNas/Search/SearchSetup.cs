using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Data;
using DcpNas.Distributed;
using DcpNas.Native;
using DcpNas.SearchSpace;
using TorchSharp;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>Everything that a search needs before its first step: device, threads, data, networks and budget.</summary>
public sealed class SearchSetup : IDisposable
{
    private readonly DisposeScope _scope;
    private readonly DefaultDevice _defaultDevice;

    private SearchSetup(SearchOptions options, Device device, DatasetPair dataset, IChipMeter? chips)
    {
        _scope = NewDisposeScope();
        _defaultDevice = new DefaultDevice(device);
        Device = device;
        Data = new SearchData(dataset, options, device);
        options = options with { ArchitectureRate = SearchSchedule.ArchitectureRate(options, Data.StepsPerEpoch) };
        Options = options;
        var network = FinalNetwork(options, dataset);
        Budget = new CostBudget(options, network, options.Chip.IsLimited && chips is not null ? new ChipBudget(options.Chip, network, chips, "final_") : null);
        BudgetedDiscretizer.ThrowIfImpossible(Budget);
        _ = Budget.Chip?.Table; // now, and not in the middle of a step
        Networks = new SearchNetworks(options, dataset.Train.Channels, dataset.Train.ClassNames.Count);
    }

    /// <summary>The options with everything resolved that the machine decides.</summary>
    public SearchOptions Options { get; }

    /// <summary>Where tensors live.</summary>
    public Device Device { get; }

    /// <summary>The halves of the training set.</summary>
    public SearchData Data { get; }

    /// <summary>What learns.</summary>
    public SearchNetworks Networks { get; }

    /// <summary>Limits of the final network.</summary>
    public CostBudget Budget { get; }

    /// <summary>What identifies the data of a run: kind, number of images, size; classes in their order; a digest of the list of images.</summary>
    public DataIdentity DataIdentity => new(Describe(Data.Dataset.Train.Kind, Data.Dataset.Train.Count), Data.Dataset.Train.ClassNames, DataDigest.Of(Data.Dataset.Train));

    /// <summary>What is learned from, for people: name, number of images used, classes and size.</summary>
    public string DataDescription => Describe(Data.Dataset.Name, Data.Split.Weights.Count + Data.Split.Architecture.Count);

    /// <summary>Checks the options and builds everything.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="chips">Measures networks on a chip; without it the limits on flash, RAM and instructions are left out, for those who ask for no genotype.</param>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">Device or data cannot be used.</exception>
    public static SearchSetup Prepare(SearchOptions options, IChipMeter? chips = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = options.Problems();
        if (problems.Count > 0)
        {
            throw new OptionsException("options", problems);
        }

        if (options.Chip.Target is { } target && chips is not null)
        {
            ChipBudget.DemandCore(target.Core, chips);
        }

        LibTorch.Load();
        var device = Devices.Parse(Collective.Current.DeviceFor(options.Device));
        options = options with { Threads = Collective.Current.ThreadsFor(options.Threads), Device = device.ToString() };
        set_num_threads(options.Threads);
        var dataset = DatasetCatalog.Open(options.Dataset, options.Data, new DatasetOptions
        {
            ImageSize = options.ImageSize,
            SyntheticTrainImages = options.TrainImages ?? new DatasetOptions().SyntheticTrainImages,
        });
        return new SearchSetup(options, device, dataset, chips);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Data.Dispose();
        Networks.Dispose();
        _defaultDevice.Dispose();
        _scope.Dispose();
    }

    private string Describe(string name, int images)
    {
        var train = Data.Dataset.Train;
        return $"{name}, {images} images, {train.ClassNames.Count} classes, {train.Channels} x {train.Height} x {train.Width}";
    }

    private static NetworkGeometry FinalNetwork(SearchOptions options, DatasetPair dataset) => new()
    {
        Channels = options.FinalChannels,
        Cells = options.FinalCells,
        InputHeight = dataset.Train.Height,
        InputWidth = dataset.Train.Width,
        InputChannels = dataset.Train.Channels,
        Classes = dataset.Train.ClassNames.Count,
        Stem = options.FinalStem,
        StemMultiplier = options.FinalStemMultiplier,
        Scheme = options.Scheme == BinarizationScheme.Release ? CountingScheme.Release : CountingScheme.Paper,
    };
}
