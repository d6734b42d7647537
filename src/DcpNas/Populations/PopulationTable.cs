using DcpNas.SearchSpace;
using DcpNas.Statistics;

namespace DcpNas.Populations;

/// <summary>The trained networks of a population: the distribution of accuracies that chance gives on a testbed.</summary>
/// <remarks>
/// The file holds JSON lines: a <see cref="PopulationHeader"/>, then a <see cref="PopulationNetwork"/> each. Means, quantiles and percentiles are over one training per
/// genotype, that of the header's seed, so that genotypes trained several times do not count more; the others serve <see cref="Noise"/>.
/// </remarks>
public sealed partial class PopulationTable
{
    private readonly string _source;
    private readonly double[] _sorted;

    /// <summary>Creates a table.</summary>
    /// <param name="header">What the networks have in common.</param>
    /// <param name="networks">The networks.</param>
    /// <param name="source">What messages call the table.</param>
    public PopulationTable(PopulationHeader header, IReadOnlyList<PopulationNetwork> networks, string source)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(networks);
        (Header, Networks, _source) = (header, networks, source);
        Sample = [.. networks.Where(network => network.TrainingSeed == header.TrainingSeed)];
        _sorted = [.. Sample.Select(network => network.TestTop1).Order()];
    }

    /// <summary>The first line.</summary>
    public PopulationHeader Header { get; }

    /// <summary>All networks, in the order of the file.</summary>
    public IReadOnlyList<PopulationNetwork> Networks { get; }

    /// <summary>One network per genotype.</summary>
    public IReadOnlyList<PopulationNetwork> Sample { get; }

    /// <summary>Mean and deviation of the test accuracies of the sample.</summary>
    /// <exception cref="InputException">The table has no network yet.</exception>
    public SampleStatistics Accuracy => SampleStatistics.Of(Known());

    /// <summary>How much of the spread belongs to the seed of the training; null before two seeds of one genotype are known.</summary>
    public NoiseFloor? Noise => NoiseFloor.Of(this);

    /// <summary>The percentile of an accuracy: how many per cent of the sample are below it, ties counted half.</summary>
    /// <param name="accuracy">A share of test images, 0 to 1.</param>
    /// <exception cref="InputException">The table has no network yet.</exception>
    public double Percentile(double accuracy)
    {
        var known = Known();
        return 100 * (known.Count(other => other < accuracy) + (known.Count(other => other == accuracy) / 2.0)) / known.Length;
    }

    /// <summary>A quantile of the accuracies, linear between neighbours: 0 the worst, 0.5 the median, 1 the best.</summary>
    /// <param name="share">0 to 1.</param>
    /// <exception cref="InputException">The table has no network yet.</exception>
    public double Quantile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(share, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var known = Known();
        var place = share * (known.Length - 1);
        var (low, rest) = ((int)place, place - Math.Floor(place));
        return rest == 0 ? known[low] : known[low] + (rest * (known[low + 1] - known[low]));
    }

    /// <summary>The network of the sample with this genotype, or null.</summary>
    public PopulationNetwork? Find(Genotype genotype) => Sample.FirstOrDefault(network => network.Cells().Equals(genotype));

    /// <summary>Refuses a table whose networks were trained otherwise, naming the first difference.</summary>
    /// <param name="testbed">How the networks were trained that are to be compared with it.</param>
    /// <param name="mayDiffer">Dotted keys that may differ, as <c>train.channels</c>.</param>
    /// <exception cref="InputException">Another testbed.</exception>
    public void DemandTestbed(PopulationTestbed testbed, IReadOnlyCollection<string>? mayDiffer = null)
    {
        ArgumentNullException.ThrowIfNull(testbed);
        if (testbed.FirstDifference(Header.Testbed(), mayDiffer) is { } difference)
        {
            throw new InputException($"{_source}: a population of another testbed: {difference}. Accuracies compare within one testbed only; use its population, or train one with dcpnas population.");
        }
    }

    private double[] Known() => _sorted.Length > 0
        ? _sorted
        : throw new InputException($"{_source}: the population has no trained network with training seed {Header.TrainingSeed} yet. Run dcpnas population until one is finished.");
}
