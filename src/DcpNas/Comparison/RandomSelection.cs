using DcpNas.Candidates;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;

namespace DcpNas.Comparison;

/// <summary>The best of K random genotypes: each trained briefly at the common cost, the best on validation images kept.</summary>
/// <remarks>
/// The baseline of Li and Talwalkar, "Random Search and Reproducibility for Neural Architecture Search" (arXiv:1902.07638): what a search must beat at the same
/// cost. Genotypes beyond the limits of the row are passed over. Candidates are drawn until their CPU time is as near as whole candidates allow to that of the primary row's search, at least one; the lowest validation
/// loss is kept.
/// </remarks>
/// <param name="setup">What all jobs share.</param>
/// <param name="command">The command line that resumes them.</param>
/// <param name="warn">Is told of warnings.</param>
internal sealed class RandomSelection(ComparisonSetup setup, string command, Action<string> warn)
{
    /// <summary>Finds the genotype.</summary>
    /// <inheritdoc cref="IComparisonWork.Find"/>
    public FoundGenotype Find(ComparisonJob job, string folder, double? budgetSeconds, Action<double> progress, CancellationToken cancel)
    {
        var trainings = new CandidateTrainings(folder, budgetSeconds);
        var drawn = Drawn(job.Seed, setup.BudgetOf(job.Row), cancel);
        trainings.Run(IsDone, Next, command, Tell, warn, cancel);
        var best = BriefTraining.Best(trainings.Trained);
        return new FoundGenotype(
            Genotype.Parse(best.Genotype), trainings.SpentSeconds,
            new CandidateSelection(trainings.Trained.Count, job.Row.CandidateEpochs, trainings.BudgetSeconds, trainings.SpentSeconds, best.ValidationTop1));

        bool IsDone() => IsEnough(job.Row.Candidates, trainings.BudgetSeconds, [.. trainings.Trained.Select(candidate => candidate.CpuSeconds)]);

        (Genotype Genotype, TrainOptions Options) Next(int index)
        {
            var genotype = drawn.ElementAt(index);
            return (genotype, BriefTraining.Of(job.Row.Train, job.Row.CandidateEpochs) with { Channels = setup.SizeOf(genotype, job.Row.Train).Channels, Seed = job.Seed });
        }

        void Tell(int index, double share)
        {
            var mean = index == 0 ? trainings.BudgetSeconds ?? 0 : trainings.SpentSeconds / index;
            progress(Math.Min(1, job.Row.Candidates is { } count ? (index + share) / count : (trainings.SpentSeconds + (share * mean)) / Math.Max(trainings.BudgetSeconds!.Value, 1e-9)));
        }
    }

    /// <summary>The genotypes of the candidates, in their order.</summary>
    /// <exception cref="InputException">So many draws in vain that another candidate is not to be expected.</exception>
    internal static IEnumerable<Genotype> Drawn(int seed, CostBudget? budget, CancellationToken cancel) => BudgetedDiscretizer.Random(
        FirstSeed(seed), budget, $"So {ComparisonStrategies.RandomK} finds no other candidate: raise the limits, lower train.channels or train.cells, or leave the row out.", cancel);

    /// <summary>A random genotype: another one for every seed and number, none of them that of the row <c>random</c>.</summary>
    internal static Genotype Draw(int seed, int index) => Discretizer.Random(FirstSeed(seed) + index);

    /// <summary>Whether one more candidate would lead further from the budget than none.</summary>
    internal static bool IsEnough(int? wanted, double? budgetSeconds, IReadOnlyList<double> spent) =>
        wanted is { } count ? spent.Count >= count
        : spent.Count > 0 && spent.Sum() + (spent.Average() / 2) >= budgetSeconds!.Value;

    private static long FirstSeed(int seed) => (seed + 1L) << 32;
}
