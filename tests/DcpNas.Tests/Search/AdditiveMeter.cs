using DcpNas.Cost;
using DcpNas.SearchSpace;

namespace DcpNas.Tests.Search;

/// <summary>A chip whose flash and instructions are sums over edges, and whose RAM is what the nodes 4 and 5 read of the inputs of their cell.</summary>
internal sealed class AdditiveMeter : IChipMeter
{
    private const double Kilobyte = 1024;

    /// <summary>The genotypes that were measured, in order.</summary>
    public List<Genotype> Measured { get; } = [];

    /// <summary>The networks that were asked about.</summary>
    public HashSet<NetworkGeometry> Networks { get; } = [];

    public IReadOnlyList<string> Cores => ["cortex-m0", "cortex-m4"];

    public ChipAmount Measure(Genotype genotype, NetworkGeometry network, ChipTarget target)
    {
        Measured.Add(genotype);
        Networks.Add(network);
        var amount = Of(genotype);
        return amount with { ArenaBytes = amount.ArenaBytes * target.Shortcuts / ChipTarget.DefaultShortcuts };
    }

    public static ChipAmount Of(Genotype genotype)
    {
        var operations = genotype.Normal.Edges().Concat(genotype.Reduction.Edges()).Sum(choice => OperationNames.IndexOf(choice.Edge.Operation) switch
        {
            <= 3 => 0.0,
            var column => column,
        });
        var reads = new[] { genotype.Normal, genotype.Reduction }.Max(cell => cell.Edges().Count(choice => choice.Node >= 4 && choice.Edge.Input < CellTopology.InputCount));
        return new ChipAmount((10 + operations) * Kilobyte, (8 + reads) * Kilobyte, 1e6 * (1 + operations));
    }
}
