namespace DcpNas.Comparison;

/// <summary>One cell of a comparison: the genotype of a row for a seed, found, trained and tested.</summary>
/// <param name="Row">The row that does the work, with the seed of this job in its search options.</param>
/// <param name="Seed">Seed of the search; of a given genotype: of its training.</param>
/// <param name="TrainSeeds">Seeds of the trainings.</param>
public sealed record ComparisonJob(ComparisonEntry Row, int Seed, IReadOnlyList<int> TrainSeeds)
{
    /// <summary>The name of the row.</summary>
    public string Strategy => Row.Name;

    /// <summary>The folder of the job within that of the comparison; also its name in messages.</summary>
    public string Name => NameOf(Strategy, Seed);

    /// <summary>The job whose genotype this one trains too, because both rows find it in the same way; null: it finds its own.</summary>
    public string? GenotypeFrom { get; init; }

    /// <summary>For <c>random_k</c> without a number of candidates: the job whose search says how much CPU time there is.</summary>
    public string? BudgetFrom { get; init; }

    /// <summary>The folder of a job within that of the comparison.</summary>
    public static string NameOf(string row, int seed) => $"{row}-seed{seed}";

    /// <summary>All jobs: seed by seed, so that the first rows can be compared early; rows that ask for the same share a job.</summary>
    /// <exception cref="OptionsException">A row cannot be used.</exception>
    public static IReadOnlyList<ComparisonJob> Plan(ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var entries = ComparisonEntries.Of(options);
        var primary = entries.FirstOrDefault(entry => entry.Name == options.PrimaryRow);

        // random_k comes last: its budget is what the primary row has taken.
        var workers = entries.DistinctBy(entry => entry.Worker).Select(entry => entry with { Name = entry.Worker })
            .OrderBy(entry => entry is { Kind: RowKind.BestOfRandom, Candidates: null }).ToList();
        var given = workers.Where(entry => entry.Kind == RowKind.Genotype).ToList();
        var jobs = new List<ComparisonJob>();
        foreach (var seed in options.SeedsOfSearch)
        {
            jobs.AddRange(workers.Where(entry => entry.Kind != RowKind.Genotype || options.TrainSeeds is null).Select(entry => Job(entry, seed)));
        }

        // With seeds of their own for trainings, a given genotype has no seed of a search: one job per training.
        jobs.AddRange((options.TrainSeeds ?? []).SelectMany(seed => given.Select(entry => new ComparisonJob(entry, seed, [seed]))));
        return jobs;

        ComparisonJob Job(ComparisonEntry entry, int seed)
        {
            var first = workers.First(other => other.FindsAs(entry));
            return new ComparisonJob(entry with { Search = entry.Search with { Seed = seed } }, seed, options.SeedsOfTraining(seed))
            {
                GenotypeFrom = first.Name == entry.Name || entry.Kind == RowKind.Genotype ? null : NameOf(first.Name, seed),
                BudgetFrom = entry is { Kind: RowKind.BestOfRandom, Candidates: null } && primary is not null ? NameOf(primary.Worker, seed) : null,
            };
        }
    }

    /// <summary>The folder of a training within that of the job: <c>train</c> where it has the seed of the job.</summary>
    /// <param name="trainSeed">The seed of the training.</param>
    public string TrainFolderOf(int trainSeed) => TrainFolderOf(Seed, trainSeed);

    /// <summary>The folder of a training within that of its job.</summary>
    internal static string TrainFolderOf(int seed, int trainSeed) => seed == trainSeed ? "train" : $"train-seed{trainSeed}";
}
