namespace DcpNas.SearchSpace;

/// <summary>Draws genotypes from the distribution that architecture parameters stand for.</summary>
/// <remarks>
/// <b>Distribution.</b> A node draws two different inputs one after the other, each in proportion to the probability that its edge is not <c>none</c> (times
/// the edge weight where edge normalisation is on), and each edge an operation in proportion to its probability among the operations other than
/// <c>none</c>. At equal alpha this is the uniform distribution of <see cref="Discretizer.Random"/>; where alpha is decided it is its genotype.
/// </remarks>
public sealed class GenotypeSampler
{
    private readonly Cell _normal;
    private readonly Cell _reduction;

    /// <summary>Creates a sampler.</summary>
    /// <param name="normal">softmax(alpha) of the normal cell, 14 rows of 8.</param>
    /// <param name="reduction">Likewise of the reduction cell.</param>
    /// <param name="normalEdges">The edge weights of the normal cell, 14 values; null without edge normalisation.</param>
    /// <param name="reductionEdges">Likewise of the reduction cell.</param>
    public GenotypeSampler(double[][] normal, double[][] reduction, double[]? normalEdges = null, double[]? reductionEdges = null)
    {
        ArgumentNullException.ThrowIfNull(normal);
        ArgumentNullException.ThrowIfNull(reduction);
        _normal = new Cell(normal, normalEdges);
        _reduction = new Cell(reduction, reductionEdges);
    }

    /// <summary>The distribution of the current values of architecture parameters.</summary>
    public static GenotypeSampler Of(ArchitectureParameters architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        return new GenotypeSampler(
            architecture.Probabilities(CellKind.Normal), architecture.Probabilities(CellKind.Reduction),
            architecture.EdgeProbabilities(CellKind.Normal), architecture.EdgeProbabilities(CellKind.Reduction));
    }

    /// <summary>Draws a genotype.</summary>
    /// <param name="seed">The same seed and the same parameters give the same genotype.</param>
    public Genotype Draw(long seed)
    {
        var random = new SplitMix64((ulong)seed);
        return new Genotype(_normal.Draw(random), _reduction.Draw(random));
    }

    /// <summary>Draws one edge of a genotype anew: its input, its operation or both.</summary>
    /// <param name="genotype">What is changed; it stays as it is.</param>
    /// <param name="seed">Names the change.</param>
    public Genotype Mutate(Genotype genotype, long seed)
    {
        ArgumentNullException.ThrowIfNull(genotype);
        var random = new SplitMix64((ulong)seed);
        var ofNormal = random.Below(2) == 0;
        var (cell, distribution) = ofNormal ? (genotype.Normal, _normal) : (genotype.Reduction, _reduction);
        var nodes = cell.Nodes.Select(edges => edges.ToArray()).ToArray();
        var node = random.Below(CellTopology.NodeCount);
        var edge = random.Below(CellTopology.EdgesKeptPerNode);
        var other = nodes[node][1 - edge].Input;
        nodes[node][edge] = distribution.DrawEdge(random, node + CellTopology.InputCount, other);
        var changed = new CellGenotype(nodes);
        return ofNormal ? new Genotype(changed, genotype.Reduction) : new Genotype(genotype.Normal, changed);
    }

    private sealed class Cell(double[][] probabilities, double[]? edgeWeights)
    {
        private static readonly int None = OperationNames.IndexOf(OperationNames.None);

        public CellGenotype Draw(SplitMix64 random) =>
            new(Enumerable.Range(CellTopology.InputCount, CellTopology.NodeCount).Select(node =>
            {
                var first = DrawEdge(random, node, except: null);
                return (GenotypeEdge[])[first, DrawEdge(random, node, first.Input)];
            }));

        public GenotypeEdge DrawEdge(SplitMix64 random, int node, int? except)
        {
            var input = Pick(random, [.. Enumerable.Range(0, node).Select(place => place == except ? 0 : Strength(CellTopology.EdgeIndex(node, place)))]);
            var row = probabilities[CellTopology.EdgeIndex(node, input)];
            return new GenotypeEdge(OperationNames.All[Pick(random, [.. row.Select((p, column) => column == None ? 0 : p)])], input);
        }

        private double Strength(int edge) => (1 - probabilities[edge][None]) * (edgeWeights?[edge] ?? 1);

        /// <summary>An index in proportion to its weight; of weights that are all zero the last.</summary>
        private static int Pick(SplitMix64 random, double[] weights)
        {
            var left = random.Unit() * weights.Sum();
            for (var i = 0; i < weights.Length; i++)
            {
                left -= weights[i];
                if (left < 0 && weights[i] > 0)
                {
                    return i;
                }
            }

            return Array.FindLastIndex(weights, weight => weight > 0) is >= 0 and var last ? last : weights.Length - 1;
        }
    }
}
