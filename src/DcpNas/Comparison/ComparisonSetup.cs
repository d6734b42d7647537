using DcpNas.Cost;
using DcpNas.Data;
using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.Populations;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;
using DcpNas.Training;

namespace DcpNas.Comparison;

/// <summary>What all jobs of a comparison share: the training images and the common cost.</summary>
/// <param name="Options">The comparison.</param>
/// <param name="Dataset">What networks are trained on.</param>
/// <param name="TargetOps">OPs that every network comes near to; without equal OPs the mean of random networks.</param>
/// <param name="Population">Random networks of the same testbed, or null.</param>
/// <param name="Chips">Measures networks on a chip; null where no row has limits of one.</param>
public sealed record ComparisonSetup(ComparisonOptions Options, DatasetPair Dataset, double TargetOps, PopulationTable? Population, IChipMeter? Chips = null)
{
    private const int DrawnGenotypes = 100;

    /// <summary>Checks options and data.</summary>
    /// <param name="options">The comparison.</param>
    /// <param name="chips">Measures networks on a chip; limits on flash, RAM or instructions need it.</param>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">The data cannot be used, the population is of another testbed, or a given genotype exceeds a limit.</exception>
    public static ComparisonSetup Prepare(ComparisonOptions options, IChipMeter? chips = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new OptionsException("options", problems);
        }

        LibTorch.Load();
        var train = options.Train;
        var dataset = train.OpenImages();
        var population = ComparisonPopulation.Of(options, dataset);
        var network = NetworkOf(train, dataset);
        var classes = dataset.Train.ClassNames.Count;
        var target = options.TargetOps
            ?? Enumerable.Range(0, DrawnGenotypes).Average(seed => NetworkCatalog.Cost(network with { Genotype = Discretizer.Random(seed) }, classes).Total.Ops);
        var entries = ComparisonEntries.Of(options);
        if (entries.Any(entry => entry.Search.Chip.IsLimited) && chips is null)
        {
            throw ChipBudget.Unmeasured();
        }

        var setup = new ComparisonSetup(options, dataset, target, population, chips);
        foreach (var entry in entries)
        {
            setup.DemandWithinBudget(entry);
        }

        return setup;
    }

    /// <summary>The limits on the networks of a row; null where it has none, and at equal OPs, where only the searches have them.</summary>
    /// <param name="row">The row.</param>
    public CostBudget? BudgetOf(ComparisonEntry row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var (search, chip) = (row.Search, row.Search.Chip);
        if (Options.EqualOps || !search.IsLimited)
        {
            return null;
        }

        var network = GeometryOf(row.Train);
        return new CostBudget(search, network, chip.IsLimited ? new ChipBudget(chip, network, Chips ?? throw ChipBudget.Unmeasured(), "train.") : null);
    }

    /// <summary>What the network of a genotype takes on the chip that its row is limited on; null where it is not, and for a real-valued network.</summary>
    /// <param name="row">The row.</param>
    /// <param name="genotype">The genotype.</param>
    public ChipAmount? OnChip(ComparisonEntry row, Genotype genotype)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Search.Chip is { IsLimited: true, Target: { } target } && row.Train.IsBinary && Chips is not null ? Chips.Measure(genotype, GeometryOf(row.Train), target) : null;
    }

    /// <summary>The network of a training, but for its genotype.</summary>
    public NetworkDescription NetworkOf(TrainOptions train) => NetworkOf(train, Dataset);

    /// <summary>The width at which the network of a genotype comes nearest to the common cost; without equal OPs, the width of its training.</summary>
    /// <remarks>A real-valued network has the width of its 1-bit counterpart: at equal OPs it would be another, far narrower one.</remarks>
    /// <param name="genotype">The genotype.</param>
    /// <param name="train">How it is trained.</param>
    public NetworkSize SizeOf(Genotype genotype, TrainOptions train)
    {
        ArgumentNullException.ThrowIfNull(train);
        var network = NetworkOf(train.IsBinary ? train : train with { Scheme = Options.Train.Scheme }) with { Genotype = genotype };
        if (!Options.EqualOps)
        {
            return new NetworkSize(network.Channels, NetworkCatalog.Cost(network, Dataset.Train.ClassNames.Count).Total.Ops, TargetOps);
        }

        return NetworkSize.Nearest(
            channels => NetworkCatalog.Cost(network with { Channels = channels }, Dataset.Train.ClassNames.Count).Total.Ops, TargetOps, step: network.Stem == StemKind.ImageNet ? 2 : 1);
    }

    private NetworkGeometry GeometryOf(TrainOptions train) =>
        NetworkOf(train.IsBinary ? train : train with { Scheme = Options.Train.Scheme }).Geometry(Dataset.Train.ClassNames.Count);

    /// <summary>Refuses a processor that is not known, limits that no genotype keeps to, and a given genotype that exceeds them.</summary>
    private void DemandWithinBudget(ComparisonEntry row)
    {
        if (row.Search.Chip is { IsLimited: true, Target: { } chip })
        {
            ChipBudget.DemandCore(chip.Core, Chips!);
        }

        if (BudgetOf(row) is not { } budget)
        {
            return;
        }

        BudgetedDiscretizer.ThrowIfImpossible(budget);
        if (row is { Genotype: { } given, Train.IsBinary: true } && !budget.Allows(given))
        {
            throw new InputException($"{row.Name}: its network exceeds the budget of the comparison: {budget.Describe(given)}. Leave the row out, raise the limit, or lower train.channels or train.cells.");
        }
    }

    private static NetworkDescription NetworkOf(TrainOptions train, DatasetPair dataset)
    {
        var network = new NetworkDescription
        {
            Cells = train.Cells ?? TrainingOptions.DefaultCells,
            StemMultiplier = train.StemMultiplier,
            Stem = train.Stem,
            ImageHeight = dataset.Train.Height,
            ImageWidth = dataset.Train.Width,
            ImageChannels = dataset.Train.Channels,
            Scheme = train.Scheme,
            Scale = train.Scale,
            ActivationGradient = train.ActivationGradient,
        };
        return train.Channels is { } channels ? network with { Channels = channels } : network;
    }
}
