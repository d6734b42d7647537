namespace DcpNas.SearchSpace;

/// <summary>How likely a genotype is under the distribution that architecture parameters stand for.</summary>
/// <remarks>
/// <para><b>Distribution.</b> A node draws two different inputs one after the other, each in proportion to the probability that its edge is not <c>none</c> (times the
/// edge weight where edge normalisation is on); each edge then draws its operation in proportion to its probability among those other than <c>none</c>. Equal
/// alpha gives every genotype the likelihood of <see cref="Discretizer.Random"/>, 1 / (49 C(2,2) 49 C(3,2) 49 C(4,2) 49 C(5,2))² ; a decided one gives its own genotype 1.</para>
/// <para><b>Numbers.</b> Everything is added as logarithms in double precision, so that decided alphas lose no digits.</para>
/// </remarks>
public static class GenotypeLikelihood
{
    /// <summary>The natural logarithm of the likelihood.</summary>
    /// <param name="architecture">The parameters.</param>
    /// <param name="genotype">The cells.</param>
    public static double Log(ArchitectureParameters architecture, Genotype genotype)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(genotype);
        return Log(genotype.Normal, architecture.Logits(CellKind.Normal), architecture.EdgeLogits(CellKind.Normal))
            + Log(genotype.Reduction, architecture.Logits(CellKind.Reduction), architecture.EdgeLogits(CellKind.Reduction));
    }

    /// <param name="cell">The cell.</param>
    /// <param name="rows">Logits of the operations of each edge.</param>
    /// <param name="weights">Logits of the edges, or null: the denominator of their softmax is the same for all edges of a node.</param>
    private static double Log(CellGenotype cell, double[][] rows, double[]? weights)
    {
        var none = OperationNames.IndexOf(OperationNames.None);
        double Kept(int edge) => LogSum(rows[edge].Where((_, column) => column != none));
        double Strength(int edge) => Kept(edge) - LogSum(rows[edge]) + (weights?[edge] ?? 0);

        return cell.Nodes.Select((edges, index) =>
        {
            var node = index + CellTopology.InputCount;
            var strengths = Enumerable.Range(0, node).Select(input => Strength(CellTopology.EdgeIndex(node, input))).ToArray();
            var (first, second) = (edges[0].Input, edges[1].Input);
            var pair = LogSum([Ordered(strengths, first, second), Ordered(strengths, second, first)]);
            return pair + edges.Sum(edge =>
            {
                var row = CellTopology.EdgeIndex(node, edge.Input);
                return rows[row][OperationNames.IndexOf(edge.Operation)] - Kept(row);
            });
        }).Sum();
    }

    /// <summary>First one input of all, then the other of those that are left.</summary>
    private static double Ordered(double[] strengths, int first, int second) =>
        strengths[first] - LogSum(strengths) + strengths[second] - LogSum(strengths.Where((_, input) => input != first));

    private static double LogSum(IEnumerable<double> logarithms)
    {
        var values = logarithms.ToArray();
        var largest = values.Max();
        return largest + Math.Log(values.Sum(value => Math.Exp(value - largest)));
    }
}
