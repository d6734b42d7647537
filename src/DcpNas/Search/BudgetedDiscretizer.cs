using DcpNas.SearchSpace;

namespace DcpNas.Search;

/// <summary>Discretises within a budget: the strongest genotype that the limits allow.</summary>
/// <remarks>
/// Lagrangian relaxation: for a price nu each node takes the two edges, each with the operation, of the largest <c>strength - nu cost</c>; the smallest
/// nu whose genotype fits is found by bisection. At nu = 0 this is the rule of <see cref="Discretizer"/>. RAM is no sum over edges: where only that is too much, nodes
/// of a genotype that fits take the place of the weakest nodes.
/// </remarks>
public static class BudgetedDiscretizer
{
    private const int Bisections = 60;
    private const int MostDrawsInVain = 10_000;

    /// <summary>The strongest genotype within the budget.</summary>
    /// <param name="architecture">alpha.</param>
    /// <param name="budget">The limits.</param>
    /// <returns>The genotype, and what was done: null where the plain rule already fits.</returns>
    /// <exception cref="InputException">Even the cheapest genotype is above a limit.</exception>
    public static (Genotype Genotype, string? Change) Discretize(ArchitectureParameters architecture, CostBudget budget)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(budget);
        var plain = architecture.Discretize();
        if (budget.Allows(plain))
        {
            return (plain, null);
        }

        var fitting = Strongest(Strengths(architecture, CellKind.Normal), Strengths(architecture, CellKind.Reduction), budget);
        return (fitting, $"The strongest genotype needs {budget.Describe(plain)}; the strongest within the budget was taken instead: {budget.Describe(fitting)}.");
    }

    /// <summary>A genotype within the budget that keeps what it can of a drawn one; where it cannot, alpha decides. One that fits stays as it is.</summary>
    /// <param name="drawn">The drawn one.</param>
    /// <param name="architecture">alpha.</param>
    /// <param name="budget">The limits.</param>
    /// <exception cref="InputException">Even the cheapest genotype is above a limit.</exception>
    public static Genotype Fit(Genotype drawn, ArchitectureParameters architecture, CostBudget budget)
    {
        ArgumentNullException.ThrowIfNull(drawn);
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(budget);
        return budget.Allows(drawn) ? drawn : Strongest(Near(CellKind.Normal, drawn.Normal), Near(CellKind.Reduction, drawn.Reduction), budget);

        double[,] Near(CellKind kind, CellGenotype cell)
        {
            var strengths = Strengths(architecture, kind);
            foreach (var (_, edge, kept) in cell.Edges())
            {
                strengths[edge, OperationNames.IndexOf(kept.Operation)] += 1; // more than any probability
            }

            return strengths;
        }
    }

    /// <summary>Random genotypes within a budget, without end: those of <see cref="Discretizer.Random"/> for one seed after the other, without the ones beyond the limits.</summary>
    /// <param name="firstSeed">The first seed.</param>
    /// <param name="budget">The limits; null: none.</param>
    /// <param name="remedy">What to do where no genotype is found: ends the message.</param>
    /// <param name="cancel">Stops between two draws.</param>
    /// <exception cref="InputException">So many draws in vain that another genotype is not to be expected.</exception>
    public static IEnumerable<Genotype> Random(long firstSeed, CostBudget? budget, string remedy, CancellationToken cancel)
    {
        for (var (seed, inVain) = (firstSeed, 0); inVain < MostDrawsInVain; seed++)
        {
            cancel.ThrowIfCancellationRequested();
            inVain++;
            if (Discretizer.Random(seed) is var genotype && budget?.Allows(genotype) != false)
            {
                inVain = 0;
                yield return genotype;
            }
        }

        throw new InputException($"None of {MostDrawsInVain} random genotypes in a row keeps to the budget. {remedy}");
    }

    /// <summary>Refuses limits that no genotype keeps to, before a search starts.</summary>
    /// <exception cref="InputException">Even the cheapest genotype is above a limit.</exception>
    public static void ThrowIfImpossible(CostBudget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        if (budget.IsLimited && !budget.Allows(budget.Smallest))
        {
            throw budget.Impossible(budget.Smallest);
        }
    }

    /// <summary>The genotype of the lowest price. Exact for limits on OPs and memory.</summary>
    internal static Genotype Cheapest(CostBudget budget)
    {
        var nothing = new double[CellTopology.EdgeCount, OperationNames.All.Count];
        return new Genotype(Cell(nothing, budget, false, 1), Cell(nothing, budget, true, 1));
    }

    private static Genotype Strongest(double[,] normal, double[,] reduction, CostBudget budget)
    {
        Genotype At(double price) => new(Cell(normal, budget, false, price), Cell(reduction, budget, true, price));

        var (low, high) = (0.0, 1e-3);
        while (high < 1e12 && !budget.AllowsSums(At(high)))
        {
            (low, high) = (high, high * 8);
        }

        for (var i = 0; i < Bisections && budget.AllowsSums(At(high)); i++)
        {
            var middle = (low + high) / 2;
            (low, high) = budget.AllowsSums(At(middle)) ? (low, middle) : (middle, high);
        }

        var cheap = At(high);
        return budget.Allows(cheap) ? cheap
            : budget.Allows(budget.Smallest) ? Towards(cheap, budget.Smallest, normal, reduction, budget)
            : throw budget.Impossible(budget.Smallest);
    }

    /// <summary>Takes nodes of a genotype that is allowed, those first that lose the least strength, until the whole is; then gives back what was taken in vain.</summary>
    private static Genotype Towards(Genotype strong, Genotype allowed, double[,] normal, double[,] reduction, CostBudget budget)
    {
        var order = ((bool[])[false, true]).SelectMany(isReduction => Enumerable.Range(0, CellTopology.NodeCount).Select(node => (isReduction, node)))
            .OrderBy(place => Strength(strong, place) - Strength(allowed, place)).ToList();
        var (found, taken) = (strong, 0);
        while (taken < order.Count && !budget.Allows(found))
        {
            found = With(found, order[taken++], allowed);
        }

        foreach (var place in order.Take(taken - 1))
        {
            var back = With(found, place, strong);
            found = budget.Allows(back) ? back : found;
        }

        return found;

        double Strength(Genotype genotype, (bool IsReduction, int Node) place) => NodesOf(genotype, place.IsReduction)[place.Node]
            .Sum(edge => (place.IsReduction ? reduction : normal)[CellTopology.EdgeIndex(place.Node + CellTopology.InputCount, edge.Input), OperationNames.IndexOf(edge.Operation)]);
    }

    private static IReadOnlyList<IReadOnlyList<GenotypeEdge>> NodesOf(Genotype genotype, bool isReduction) => (isReduction ? genotype.Reduction : genotype.Normal).Nodes;

    private static Genotype With(Genotype genotype, (bool IsReduction, int Node) place, Genotype source)
    {
        var cell = new CellGenotype(NodesOf(genotype, place.IsReduction).Select((edges, node) => node == place.Node ? NodesOf(source, place.IsReduction)[node] : edges));
        return place.IsReduction ? new Genotype(genotype.Normal, cell) : new Genotype(cell, genotype.Reduction);
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
