namespace DcpNas.SearchSpace;

/// <summary>Turns architecture parameters into a genotype, and draws genotypes at random.</summary>
/// <remarks>
/// <para><b>Rule.</b> p = softmax of each row of alpha over all 8 operations. An edge is worth its largest p among the operations other than
/// <c>none</c>, times its edge weight where edge normalisation is on; a node keeps its two best edges, each with its best operation.</para>
/// <para><b>Ties.</b> The lower column wins on an edge, the lower edge in a node. Equal rows in another column order are ties too: the
/// denominator is added in ascending order, so that it does not depend on the order of the columns.</para>
/// <para><b>Source.</b> DARTS, arXiv:1806.09055, section 2.4; edge normalisation: PC-DARTS, arXiv:1907.05737, section 3.3.</para>
/// </remarks>
public static class Discretizer
{
    /// <summary>The genotype that architecture parameters stand for.</summary>
    /// <param name="alphaNormal"><c>[14, 8]</c>: edge by operation, before softmax; finite.</param>
    /// <param name="alphaReduction">The same for the reduction cell.</param>
    /// <param name="edgesNormal">Edge normalisation of the normal cell: 14 parameters before softmax, which runs over the edges of each node; null
    /// when it is off.</param>
    /// <param name="edgesReduction">The same for the reduction cell.</param>
    /// <exception cref="ArgumentException">A shape differs or a value is not finite.</exception>
    public static Genotype Discretize(double[,] alphaNormal, double[,] alphaReduction, double[]? edgesNormal = null, double[]? edgesReduction = null) =>
        new(Cell(alphaNormal, edgesNormal, nameof(alphaNormal), nameof(edgesNormal)),
            Cell(alphaReduction, edgesReduction, nameof(alphaReduction), nameof(edgesReduction)));

    /// <summary>The same for parameters in single precision.</summary>
    /// <inheritdoc cref="Discretize(double[,], double[,], double[], double[])"/>
    public static Genotype Discretize(float[,] alphaNormal, float[,] alphaReduction, float[]? edgesNormal = null, float[]? edgesReduction = null) =>
        Discretize(Widen(alphaNormal), Widen(alphaReduction), Widen(edgesNormal), Widen(edgesReduction));

    /// <summary>A genotype drawn uniformly from the discrete space: every pair of inputs of a node and every operation but <c>none</c> is as likely.</summary>
    /// <param name="seed">The same seed gives the same genotype on every machine and in every version.</param>
    public static Genotype Random(long seed)
    {
        var random = new SplitMix64((ulong)seed);
        return new Genotype(RandomCell(random), RandomCell(random)) { Provenance = new GenotypeProvenance(Strategy: "random", Seed: seed) };
    }

    private static CellGenotype Cell(double[,] alpha, double[]? edges, string alphaName, string edgesName)
    {
        Check(alpha, edges, alphaName, edgesName);
        return new CellGenotype(Enumerable.Range(CellTopology.InputCount, CellTopology.NodeCount).Select(node =>
        {
            var weights = EdgeWeights(edges, node);
            return Enumerable.Range(0, node)
                .Select(input => (Input: input, Best: Best(alpha, CellTopology.EdgeIndex(node, input))))
                .OrderByDescending(edge => edge.Best.Probability * weights[edge.Input]) // stable: the lower edge stays first
                .Take(CellTopology.EdgesKeptPerNode)
                .Select(edge => new GenotypeEdge(edge.Best.Operation, edge.Input));
        }));
    }

    private static (string Operation, double Probability) Best(double[,] alpha, int edge)
    {
        var probabilities = Softmax([.. Enumerable.Range(0, OperationNames.All.Count).Select(column => alpha[edge, column])]);
        var best = GenotypeRules.Operations.MaxBy(name => probabilities[OperationNames.IndexOf(name)])!; // the first of equal ones
        return (best, probabilities[OperationNames.IndexOf(best)]);
    }

    private static double[] EdgeWeights(double[]? edges, int node) =>
        edges is null ? [.. Enumerable.Repeat(1.0, node)] : Softmax(edges.AsSpan(CellTopology.FirstEdge(node), node).ToArray());

    private static double[] Softmax(double[] values)
    {
        var largest = values.Max();
        var exponentials = values.Select(value => Math.Exp(value - largest)).ToArray();
        var sum = exponentials.Order().Sum();
        return [.. exponentials.Select(exponential => exponential / sum)];
    }

    private static CellGenotype RandomCell(SplitMix64 random) =>
        new(Enumerable.Range(CellTopology.InputCount, CellTopology.NodeCount).Select(node =>
        {
            var first = random.Below(node);
            var second = random.Below(node - 1);
            second += second >= first ? 1 : 0; // skips the first: every ordered pair is equally likely
            return (GenotypeEdge[])[RandomEdge(random, first), RandomEdge(random, second)];
        }));

    private static GenotypeEdge RandomEdge(SplitMix64 random, int input) => new(GenotypeRules.Operations[random.Below(GenotypeRules.Operations.Count)], input);

    private static double[,] Widen(float[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var wide = new double[values.GetLength(0), values.GetLength(1)];
        for (var row = 0; row < wide.GetLength(0); row++)
        {
            for (var column = 0; column < wide.GetLength(1); column++)
            {
                wide[row, column] = values[row, column];
            }
        }

        return wide;
    }

    private static double[]? Widen(float[]? values) => values is null ? null : Array.ConvertAll(values, value => (double)value);

    private static void Check(double[,] alpha, double[]? edges, string alphaName, string edgesName)
    {
        ArgumentNullException.ThrowIfNull(alpha, alphaName);
        if (alpha.GetLength(0) != CellTopology.EdgeCount || alpha.GetLength(1) != OperationNames.All.Count)
        {
            throw new ArgumentException(
                $"{alphaName} must have shape [{CellTopology.EdgeCount}, {OperationNames.All.Count}], got [{alpha.GetLength(0)}, {alpha.GetLength(1)}].", alphaName);
        }

        for (var edge = 0; edge < CellTopology.EdgeCount; edge++)
        {
            for (var column = 0; column < OperationNames.All.Count; column++)
            {
                if (!double.IsFinite(alpha[edge, column]))
                {
                    throw new ArgumentException($"{alphaName}[{edge}, {column}] must be finite, got {alpha[edge, column]}.", alphaName);
                }
            }
        }

        if (edges is not null && (edges.Length != CellTopology.EdgeCount || !edges.All(double.IsFinite)))
        {
            throw new ArgumentException($"{edgesName} must be {CellTopology.EdgeCount} finite numbers, got [{string.Join(", ", edges)}].", edgesName);
        }
    }
}
