using DcpNas.Cost;
using DcpNas.Data;
using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.SearchSpace;
using DcpNas.Training;

namespace DcpNas.Comparison;

/// <summary>What all jobs of a comparison share: the training images and the common cost.</summary>
/// <param name="Options">The comparison.</param>
/// <param name="Dataset">What networks are trained on.</param>
/// <param name="Network">The network of a job, but for its genotype and width.</param>
/// <param name="TargetOps">OPs that every network comes near to.</param>
public sealed record ComparisonSetup(ComparisonOptions Options, DatasetPair Dataset, NetworkDescription Network, double TargetOps)
{
    private const int DrawnGenotypes = 100;

    /// <summary>Checks options and data.</summary>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">The data cannot be used.</exception>
    public static ComparisonSetup Prepare(ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new OptionsException("options", problems);
        }

        LibTorch.Load();
        var train = options.Train;
        var dataset = DatasetCatalog.Open(train.Dataset, train.Data, new DatasetOptions
        {
            ImageSize = train.ImageSize,
            ResizeTo = train.ResizeTo,
            SyntheticTrainImages = train.TrainImages ?? new DatasetOptions().SyntheticTrainImages,
        });
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
        network = train.Channels is { } channels ? network with { Channels = channels } : network;
        var classes = dataset.Train.ClassNames.Count;
        var target = options.TargetOps
            ?? Enumerable.Range(0, DrawnGenotypes).Average(seed => NetworkCatalog.Cost(network with { Genotype = Discretizer.Random(seed) }, classes).Total.Ops);
        return new ComparisonSetup(options, dataset, network, target);
    }

    /// <summary>The width at which the network of a genotype comes nearest to the common cost.</summary>
    public NetworkSize SizeOf(Genotype genotype) => NetworkSize.Nearest(
        channels => CostOf(genotype, channels).Total.Ops, TargetOps, step: Network.Stem == StemKind.ImageNet ? 2 : 1);

    /// <summary>What the network of a genotype costs at a width.</summary>
    public CostReport CostOf(Genotype genotype, int channels) =>
        NetworkCatalog.Cost(Network with { Genotype = genotype, Channels = channels }, Dataset.Train.ClassNames.Count);
}
