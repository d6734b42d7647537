using DcpNas.SearchSpace;

namespace DcpNas.Search;

/// <summary>Looks for a genotype that takes little of a budget: what shows that a budget can be met, or how far it cannot.</summary>
internal static class SmallestGenotype
{
    private const int Changes = 100;
    private const double Near = 1.3;

    /// <summary>The first genotype found that keeps to the budget, else the one that exceeds it least.</summary>
    /// <remarks>
    /// Of sums, as OPs, the cheapest is exact. RAM depends on which values live at the same time: cells of one operation are tried, whose nodes read the inputs of the
    /// cell or the nodes before, and where the best is near the limit, changes of one edge of it.
    /// </remarks>
    public static Genotype Find(CostBudget budget)
    {
        if (budget.Chip is null)
        {
            return BudgetedDiscretizer.Cheapest(budget);
        }

        (Genotype? Genotype, double Share) best = (null, double.PositiveInfinity);
        foreach (var candidate in Candidates(budget))
        {
            if (budget.Share(candidate) is var share && share < best.Share)
            {
                best = (candidate, share);
            }

            if (share <= 1)
            {
                return candidate;
            }
        }

        var equal = Enumerable.Repeat(Enumerable.Repeat(1.0 / OperationNames.All.Count, OperationNames.All.Count).ToArray(), CellTopology.EdgeCount).ToArray();
        var changes = new GenotypeSampler(equal, equal);
        var walker = best;
        for (var change = 0; change < Changes && best.Share is > 1 and <= Near; change++)
        {
            var changed = changes.Mutate(walker.Genotype!, change);
            if (budget.Share(changed) is var share && share <= walker.Share) // equal ones too: most changes leave the peak of the RAM as it is
            {
                walker = (changed, share);
                best = share < best.Share ? walker : best;
            }
        }

        return best.Genotype!;
    }

    private static IEnumerable<Genotype> Candidates(CostBudget budget)
    {
        foreach (var operation in (string[])[OperationNames.Skip, .. GenotypeRules.Operations.Except([OperationNames.Skip])])
        {
            yield return Uniform(operation, isChain: true);
            yield return Uniform(operation, isChain: false);
        }

        yield return BudgetedDiscretizer.Cheapest(budget);
    }

    private static Genotype Uniform(string operation, bool isChain)
    {
        var cell = new CellGenotype(Enumerable.Range(CellTopology.InputCount, CellTopology.NodeCount).Select(node =>
            (isChain ? (int[])[node - 2, node - 1] : [0, 1]).Select(input => new GenotypeEdge(operation, input))));
        return new Genotype(cell, cell);
    }
}
