namespace DcpNas.Cost;

/// <summary>What each choice of a search costs in the final, discretised network.</summary>
/// <remarks>
/// A network costs <see cref="Fixed"/> plus, for each cell kind, the entries of the edges it keeps; the sum is exact. Hence, with p = softmax of
/// the rows of alpha, fixed + sum p[edge, op] table[edge, op] is a differentiable upper estimate: the search keeps 8 of the 14 edges, so scale the sum
/// by 8/14, or weight the edges, to estimate the network that is left.
/// </remarks>
public sealed class SupernetCost
{
    private readonly CostAmount[,] _normal;
    private readonly CostAmount[,] _reduction;

    /// <summary>Creates the table.</summary>
    /// <param name="fixedPart">Stem, preprocessing, sums and head.</param>
    /// <param name="normal">Edge by operation, summed over all normal cells.</param>
    /// <param name="reduction">Edge by operation, summed over all reduction cells.</param>
    public SupernetCost(CostAmount fixedPart, CostAmount[,] normal, CostAmount[,] reduction)
    {
        ArgumentNullException.ThrowIfNull(normal);
        ArgumentNullException.ThrowIfNull(reduction);
        (Fixed, _normal, _reduction) = (fixedPart, (CostAmount[,])normal.Clone(), (CostAmount[,])reduction.Clone());
    }

    /// <summary>What every network of the search costs: stem, preprocessing, sums of the nodes, head.</summary>
    public CostAmount Fixed { get; }

    /// <summary>What an operation on an edge costs, summed over all cells of the kind, each at its resolution and channels.</summary>
    /// <param name="isReduction">The cell kind.</param>
    /// <param name="edge">Row of alpha.</param>
    /// <param name="operation">Column of alpha; <c>none</c> costs nothing.</param>
    public CostAmount Of(bool isReduction, int edge, int operation) => (isReduction ? _reduction : _normal)[edge, operation];

    /// <summary>The table of one cell kind in OPs (with elementwise FLOPs): edge by operation.</summary>
    public double[,] Ops(bool isReduction) => Table(isReduction, amount => amount.Ops);

    /// <summary>The table of one cell kind in OPs of convolutions alone: edge by operation.</summary>
    public double[,] ConvolutionOps(bool isReduction) => Table(isReduction, amount => amount.ConvolutionOps);

    /// <summary>The table of one cell kind in Mbit: edge by operation.</summary>
    public double[,] Mbit(bool isReduction) => Table(isReduction, amount => amount.Mbit);

    /// <summary>The exact cost of a discretised network.</summary>
    /// <param name="normal">The edges and operations that the normal cell keeps.</param>
    /// <param name="reduction">The same for the reduction cell.</param>
    public CostAmount Discretised(IEnumerable<(int Edge, int Operation)> normal, IEnumerable<(int Edge, int Operation)> reduction) =>
        Fixed
        + CostAmount.Sum(normal.Select(choice => _normal[choice.Edge, choice.Operation]))
        + CostAmount.Sum(reduction.Select(choice => _reduction[choice.Edge, choice.Operation]));

    private double[,] Table(bool isReduction, Func<CostAmount, double> measure)
    {
        var amounts = isReduction ? _reduction : _normal;
        var table = new double[amounts.GetLength(0), amounts.GetLength(1)];
        for (var edge = 0; edge < table.GetLength(0); edge++)
        {
            for (var operation = 0; operation < table.GetLength(1); operation++)
            {
                table[edge, operation] = measure(amounts[edge, operation]);
            }
        }

        return table;
    }
}
