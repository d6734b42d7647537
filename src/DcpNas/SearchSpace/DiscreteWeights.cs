using DcpNas.SearchSpace.Algebra;
using static TorchSharp.torch;

namespace DcpNas.SearchSpace;

/// <summary>A genotype as mixing weights: the supernet then computes the discrete network with its shared weights, and nothing else.</summary>
/// <remarks>
/// <b>Rule.</b> The kept operation of each kept edge has weight 1, every other candidate 0. With partial channels the channels that by-pass a kept edge have
/// weight 1 and those of the other edges 0, as an edge that is cut carries nothing. With edge normalisation the weights of a node's edges add up to 1 during
/// the search and a genotype knows no edge weights, so that each of the two kept edges has 1/2, operation and by-pass alike.
/// </remarks>
public static class DiscreteWeights
{
    /// <summary>The mixing weights of a genotype.</summary>
    /// <param name="math">The algebra; the weights are constants in it.</param>
    /// <param name="genotype">The cells.</param>
    /// <param name="edgeNormalization">Whether the supernet was trained with edge normalisation.</param>
    /// <param name="like">A tensor whose type and device the weights get.</param>
    public static MixingWeights<T> Of<T>(INetworkAlgebra<T> math, Genotype genotype, bool edgeNormalization, Tensor like)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(math);
        ArgumentNullException.ThrowIfNull(genotype);
        ArgumentNullException.ThrowIfNull(like);
        var weights = math.Constant(full([CellTopology.EdgesKeptPerNode], Share(edgeNormalization), dtype: like.dtype, device: like.device));
        NodeWeights<T>[] Cell(CellGenotype cell) =>
            [.. cell.Nodes.Select(edges => new NodeWeights<T>(NodeSelection.Of(edges), weights, edgeNormalization ? weights : null))];
        return new(Cell(genotype.Normal), Cell(genotype.Reduction));
    }

    /// <summary>The weight of a kept operation.</summary>
    internal static double Share(bool edgeNormalization) => edgeNormalization ? 1.0 / CellTopology.EdgesKeptPerNode : 1;
}
