using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks.Graph;
using DcpNas.SearchSpace;

namespace DcpNas.Networks;

/// <summary>Counts what networks of the search space cost at inference.</summary>
/// <remarks>
/// The layers are those of the final network, and the head: global average pooling and a linear classifier with bias, real. Batch normalisation has
/// weight and bias, beta and PReLU one number per channel.
/// DDPNAS_MCN_2 with C = 108, L = 10, 224 x 224 and 1000 classes so has 12,366,000 binary weights and 2,139,886 real parameters: stem
/// convolutions 158,922, stem normalisation 540, classifier 1,729,000, preprocessing 2 x 16,740 + 4 x 5,400, blocks 10 x 18,144, pools 2 x 7,452
/// (each a sum of channels over the network).
/// </remarks>
public static class GenotypeCost
{
    /// <summary>The cost of the network of a genotype, layer by layer.</summary>
    /// <param name="genotype">The cells.</param>
    /// <param name="geometry">The stack.</param>
    /// <exception cref="ArgumentException">The geometry has problems.</exception>
    public static CostReport Report(Genotype genotype, NetworkGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(genotype);
        ArgumentNullException.ThrowIfNull(geometry);
        var graph = new CellNetwork(genotype, geometry, PrecisionOf(geometry));
        return new CostReport(genotype.ToString(), geometry, CostReader.Layers(graph, geometry.Image, geometry.Classes));
    }

    /// <summary>What each choice of a search costs in the final network.</summary>
    /// <param name="geometry">The stack of the final network.</param>
    /// <exception cref="ArgumentException">The geometry has problems.</exception>
    public static SupernetCost Supernet(NetworkGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        var precision = PrecisionOf(geometry);
        var any = Report(GenotypePresets.All[0].Genotype, geometry); // all genotypes have these groups in common
        CostGroup[] common = [CostGroup.Stem, CostGroup.Preprocess, CostGroup.Sum, CostGroup.Head];
        return new SupernetCost(CostAmount.Sum(common.Select(group => any.Groups[group])), Table(CellKind.Normal), Table(CellKind.Reduction));

        CostAmount[,] Table(CellKind kind)
        {
            var table = new CostAmount[CellTopology.EdgeCount, OperationNames.All.Count];
            foreach (var cell in geometry.Plan().Where(cell => cell.IsReduction == (kind == CellKind.Reduction)))
            {
                for (var edge = 0; edge < CellTopology.EdgeCount; edge++)
                {
                    var node = CellTopology.EndsOf(edge).Input;
                    var input = new CostValue(node < CellTopology.InputCount ? cell.Input : cell.Node);
                    for (var operation = 0; operation < OperationNames.All.Count; operation++)
                    {
                        if (OperationNames.All[operation] != OperationNames.None)
                        {
                            var reader = new CostReader();
                            var stride = CellTopology.Stride(kind, node);
                            CellNetwork.Edge(reader, "edge", OperationNames.All[operation], cell.Channels, stride, precision, input);
                            table[edge, operation] += CostAmount.Sum(reader.Rows.Select(layer => layer.Cost));
                        }
                    }
                }
            }

            return table;
        }
    }

    /// <summary>The scheme to count a network by that was built under <paramref name="scheme"/>.</summary>
    public static CountingScheme CountedAs(BinarizationScheme scheme) => scheme switch
    {
        BinarizationScheme.None => CountingScheme.None,
        BinarizationScheme.Paper => CountingScheme.Paper,
        BinarizationScheme.Release => CountingScheme.Release,
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "Unknown scheme."),
    };

    /// <summary>The exact cost of a genotype from the table of its search; equal to the total of <see cref="Report"/>.</summary>
    public static CostAmount Discretised(this SupernetCost table, Genotype genotype)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(genotype);
        return table.Discretised(Choices(genotype.Normal), Choices(genotype.Reduction));

        static IEnumerable<(int, int)> Choices(CellGenotype cell) =>
            cell.Edges().Select(edge => (edge.EdgeIndex, OperationNames.IndexOf(edge.Edge.Operation)));
    }

    private static Precision PrecisionOf(NetworkGeometry geometry) => new(NetworkDescription.SchemeOf(geometry)) { RealWeights = geometry.RealWeights };
}
