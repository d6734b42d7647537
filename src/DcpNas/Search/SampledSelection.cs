using DcpNas.SearchSpace;

namespace DcpNas.Search;

/// <summary>Ends a search by scoring discrete genotypes with the Child's shared weights, and takes the best.</summary>
/// <remarks>
/// The first candidate is alpha's own genotype; half of the others are drawn from alpha, the rest are changes of one edge in the best tenth so far. Scores are those of
/// <see cref="ScoredGenotype"/> on held-out images. By the discrepancy all are drawn: changes would climb to genotypes that the Parent serves worst and the Child badly too. Source: evolution over a supernet, SPOS (arXiv:1904.00420) and,
/// for 1-bit networks, NAS-BNN (arXiv:2408.15484).
/// </remarks>
public static class SampledSelection
{
    private const int MostDraws = 10_000;
    private const double EliteShare = 0.1;
    private const int LeastElite = 5;

    /// <summary>Scores genotypes and names the best.</summary>
    /// <param name="side">The supernet whose weights and alpha decide.</param>
    /// <param name="strongest">alpha's own genotype, within the budget.</param>
    /// <param name="budget">The limits that every candidate keeps to.</param>
    /// <param name="score">Scores a genotype.</param>
    /// <param name="changes">Whether half of the candidates are changes of the best so far.</param>
    /// <param name="candidates">How many genotypes are scored.</param>
    /// <param name="seed">Names the draws.</param>
    /// <param name="scored">Is told of each candidate and its score, in order.</param>
    /// <param name="cancel">Stops between two candidates.</param>
    /// <returns>All candidates, the best first.</returns>
    public static IReadOnlyList<ScoredGenotype> Run(
        SearchNetworks.Side side, Genotype strongest, CostBudget budget, Func<Genotype, ScoredGenotype> score, bool changes, int candidates, long seed, Action<int> scored, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(side);
        ArgumentNullException.ThrowIfNull(strongest);
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(score);
        ArgumentNullException.ThrowIfNull(scored);
        var sampler = GenotypeSampler.Of(side.Architecture);
        var seen = new HashSet<Genotype>();
        var ranked = new List<ScoredGenotype>();
        var draws = 0L;
        Score(strongest);
        while (ranked.Count < (changes ? 1 + (candidates / 2) : candidates) && NextNew(_ => sampler.Draw(Seed())) is { } drawn)
        {
            Score(drawn);
        }

        while (changes && ranked.Count < candidates && NextNew(number => sampler.Mutate(Elite(number), Seed())) is { } changed)
        {
            Score(changed);
        }

        return [.. ranked.OrderBy(candidate => candidate.Value)];

        long Seed() => unchecked((seed * MostDraws * 2) + draws);

        Genotype Elite(long number)
        {
            var elite = ranked.OrderBy(candidate => candidate.Value).Take(Math.Max(LeastElite, (int)(ranked.Count * EliteShare))).ToList();
            return elite[(int)(number % elite.Count)].Genotype;
        }

        // A decided alpha gives few different genotypes: after many draws in vain there is nothing new to score.
        Genotype? NextNew(Func<long, Genotype> next)
        {
            for (var attempt = 0; attempt < MostDraws / 10 && draws < MostDraws; attempt++)
            {
                draws++;
                var genotype = BudgetedDiscretizer.Fit(next(draws), side.Architecture, budget);
                if (!seen.Contains(genotype))
                {
                    return genotype;
                }
            }

            return null;
        }

        void Score(Genotype genotype)
        {
            cancel.ThrowIfCancellationRequested();
            seen.Add(genotype);
            ranked.Add(score(genotype));
            scored(ranked.Count);
        }
    }
}
