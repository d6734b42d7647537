using DcpNas.SearchSpace;

namespace DcpNas.Search;

/// <summary>Discretises within a budget: the strongest genotype that the limits allow.</summary>
/// <remarks>
/// Lagrangian relaxation: for a price nu each node takes the two edges, each with the operation, of the largest <c>strength - nu cost</c>; the smallest
/// nu whose genotype fits is found by bisection. At nu = 0 this is the rule of <see cref="Discretizer"/>.
/// </remarks>
public static class BudgetedDiscretizer
{
    private const int Bisections = 60;

    /// <summary>The strongest genotype within the budget.</summary>
    /// <param name="architecture">alpha.</param>
    /// <param name="budget">The limits.</param>
    /// <returns>The genotype, and what was done: null where the plain rule already fits.</returns>
    /// <exception cref="InputException">Even the cheapest genotype is above a limit.</exception>
    public static (Genotype Genotype, string? Change) Discretize(ArchitectureParameters architecture, CostBudget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        var plain = architecture.Discretize();
        if (budget.Allows(plain))
        {
            return (plain, null);
        }

        var normal = Strengths(architecture, CellKind.Normal);
        var reduction = Strengths(architecture, CellKind.Reduction);
        Genotype At(double price) => new(Cell(normal, budget, false, price), Cell(reduction, budget, true, price));

        var (low, high) = (0.0, 1e-3);
        while (high < 1e12 && !budget.Allows(At(high)))
        {
            (low, high) = (high, high * 8);
        }

        if (!budget.Allows(At(high)))
        {
            throw Impossible(budget, At(high));
        }

        for (var i = 0; i < Bisections; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = budget.Allows(At(middle)) ? (low, middle) : (middle, high);
        }

        var fitting = At(high);
        var (before, after) = (budget.Table.Discretised(plain), budget.Table.Discretised(fitting));
        return (fitting, $"The strongest genotype needs {before.Ops / 1e6:f2} M OPs and {before.Mbit:f2} Mbit; the strongest within the budget was taken "
            + $"instead: {after.Ops / 1e6:f2} M OPs and {after.Mbit:f2} Mbit.");
    }

    /// <summary>Refuses limits that no genotype keeps to, before a search starts.</summary>
    /// <exception cref="InputException">Even the cheapest genotype is above a limit.</exception>
    public static void ThrowIfImpossible(CostBudget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        var nothing = new double[CellTopology.EdgeCount, OperationNames.All.Count];
        var cheapest = new Genotype(Cell(nothing, budget, false, 1), Cell(nothing, budget, true, 1));
        if (budget.IsLimited && !budget.Allows(cheapest))
        {
            throw Impossible(budget, cheapest);
        }
    }

    private static InputException Impossible(CostBudget budget, Genotype genotype)
    {
        var cheapest = budget.Table.Discretised(genotype);
        return new InputException(
            $"The budget cannot be met: the cheapest genotype costs {cheapest.Ops / 1e6:f2} M OPs and {cheapest.Mbit:f2} Mbit in a network of "
            + $"{budget.Geometry.Cells} cells and {budget.Geometry.Channels} channels. Raise max_ops or max_memory_mbit, or lower final_channels or final_cells.");
    }

    private static double[,] Strengths(ArchitectureParameters architecture, CellKind kind)
    {
        var probabilities = architecture.Probabilities(kind);
        var edges = architecture.EdgeProbabilities(kind);
        var strengths = new double[CellTopology.EdgeCount, OperationNames.All.Count];
        for (var edge = 0; edge < CellTopology.EdgeCount; edge++)
        {
            for (var column = 0; column < OperationNames.All.Count; column++)
            {
                strengths[edge, column] = probabilities[edge][column] * (edges?[edge] ?? 1);
            }
        }

        return strengths;
    }

    private static CellGenotype Cell(double[,] strengths, CostBudget budget, bool isReduction, double price)
    {
        return new(Enumerable.Range(CellTopology.InputCount, CellTopology.NodeCount).Select(node =>
            Enumerable.Range(0, node)
                .Select(input => (Input: input, Best: Best(CellTopology.EdgeIndex(node, input))))
                .OrderByDescending(edge => edge.Best.Value)
                .Take(CellTopology.EdgesKeptPerNode)
                .Select(edge => new GenotypeEdge(OperationNames.All[edge.Best.Column], edge.Input))));

        (int Column, double Value) Best(int edge) => Enumerable.Range(1, OperationNames.All.Count - 1)
            .Select(column => (Column: column, Value: strengths[edge, column] - (price * budget.Price(isReduction, edge, column))))
            .MaxBy(choice => choice.Value);
    }
}
