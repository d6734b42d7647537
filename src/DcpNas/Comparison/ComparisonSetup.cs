using DcpNas.Cost;
using DcpNas.Data;
using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.Populations;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;
using DcpNas.Training;

namespace DcpNas.Comparison;

/// <summary>What all jobs of a comparison share: the training images and the common cost.</summary>
/// <param name="Options">The comparison.</param>
/// <param name="Dataset">What networks are trained on.</param>
/// <param name="TargetOps">OPs that every network comes near to; without equal OPs the mean of random networks.</param>
/// <param name="Population">Random networks of the same testbed, or null.</param>
public sealed record ComparisonSetup(ComparisonOptions Options, DatasetPair Dataset, double TargetOps, PopulationTable? Population)
{
    private const int DrawnGenotypes = 100;

    /// <summary>Checks options and data.</summary>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">The data cannot be used, or the population is of another testbed.</exception>
    public static ComparisonSetup Prepare(ComparisonOptions options)
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
        return new ComparisonSetup(options, dataset, target, population);
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
