using DcpNas.Populations;
using DcpNas.Statistics;

namespace DcpNas.Comparison;

/// <summary>A row of the result: its jobs and what they say.</summary>
/// <param name="Entry">The row.</param>
/// <param name="Jobs">One per seed, in the order of the seeds.</param>
public sealed record ComparisonRow(ComparisonEntry Entry, IReadOnlyList<JobRecord> Jobs)
{
    /// <summary>The name.</summary>
    public string Name => Entry.Name;

    /// <summary>Whether its jobs are those of another row, because both ask for the same.</summary>
    public bool IsShared => Entry.Worker != Entry.Name;

    /// <summary>Top-1 over search seeds, each the mean of its trainings; of a given genotype over training seeds. Null without any.</summary>
    public SampleStatistics? Top1 { get; init; }

    /// <summary>This row minus random; null for random itself, and without common seeds.</summary>
    public RowTest? AgainstRandom { get; init; }

    /// <summary>The primary row minus this one; null for the primary row itself, and without common seeds.</summary>
    public RowTest? PrimaryAgainst { get; init; }

    /// <summary>Its place among a population; null without one, without a result, and where the row is trained otherwise.</summary>
    public PopulationPlace? Place { get; init; }

    /// <summary>
    /// How much better its mean is than the mean random network, as a share of that: (a - r) / r. The random networks are those of the row random, or else the
    /// population; null without either.
    /// </summary>
    public double? RelativeImprovement { get; init; }

    /// <summary>The results of the seeds that have one.</summary>
    public IEnumerable<JobResult> Results => Jobs.Select(job => job.Result).OfType<JobResult>();

    /// <summary>Images of the test; 0 without a result.</summary>
    public long TestImages => Results.Select(result => result.TestImages).FirstOrDefault();

    /// <summary>The trainings that a test of two rows uses: values at pairs of seeds.</summary>
    internal IEnumerable<(int Search, int Train, double Top1)> Values => Jobs.SelectMany(job => job.Trainings.Select(training => (job.Seed, training.Seed, training.Result.Top1)));

    /// <summary>The rows of a comparison from its jobs.</summary>
    /// <param name="options">The comparison.</param>
    /// <param name="records">What is known of its jobs; those that are missing count as waiting.</param>
    /// <param name="population">Random networks that are trained like the common options say, or null.</param>
    public static IReadOnlyList<ComparisonRow> Of(ComparisonOptions options, IEnumerable<JobRecord> records, PopulationTable? population = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var known = records.ToDictionary(record => (record.Strategy, record.Seed));
        List<ComparisonRow> rows = [.. ComparisonEntries.Of(options).Select(entry => new ComparisonRow(entry, [.. SeedsOf(entry).Select(seed => Of(entry.Worker, seed))]))];
        rows = [.. rows.Select(row => row with { Top1 = row.Results.Any() ? SampleStatistics.Of([.. row.Results.Select(result => result.Top1)]) : null })];

        var random = rows.FirstOrDefault(row => row.Name == ComparisonStrategies.Random);
        var primary = rows.First(row => row.Name == options.PrimaryRow);
        var againstRandom = Tests(rows, row => random is null ? null : Test(row, random), random);
        var primaryAgainst = Tests(rows, row => Test(primary, row), primary);
        var places = PopulationPlace.Of(population, options.Train, rows);
        return [.. rows.Select((row, index) => row with
        {
            Place = places[index],
            AgainstRandom = againstRandom[index],
            PrimaryAgainst = primaryAgainst[index],
            RelativeImprovement = (random?.Top1 ?? (places[index] is null ? null : population!.Accuracy)) is { Mean: > 0 } baseline && row.Top1 is { } own
                ? (own.Mean / baseline.Mean) - 1
                : null,
        })];

        IEnumerable<int> SeedsOf(ComparisonEntry entry)
        {
            var planned = entry.Kind == RowKind.Genotype && options.TrainSeeds is { } seeds ? seeds : options.SeedsOfSearch;
            return planned.Union(options.SeedsOfSearch.Union(options.TrainSeeds ?? []).Where(seed => known.ContainsKey((entry.Worker, seed))));
        }

        JobRecord Of(string row, int seed) => known.GetValueOrDefault((row, seed)) ?? new JobRecord { Strategy = row, Seed = seed };
    }

    /// <summary>The tests of all rows, corrected together; rows that share their jobs count once.</summary>
    private static IReadOnlyList<RowTest?> Tests(IReadOnlyList<ComparisonRow> rows, Func<ComparisonRow, PairedTest?> test, ComparisonRow? baseline)
    {
        var workers = rows.Where(row => row.Entry.Worker != baseline?.Entry.Worker).DistinctBy(row => row.Entry.Worker).ToList();
        var corrected = RowTest.Correct([.. workers.Select(test)]);
        var byWorker = workers.Zip(corrected).ToDictionary(pair => pair.First.Entry.Worker, pair => pair.Second);
        return [.. rows.Select(row => byWorker.GetValueOrDefault(row.Entry.Worker))];
    }

    /// <summary>
    /// Pairs by search seed, each value the mean over the training seeds that both have; with a given genotype, which has no search seed, by training seed, each
    /// value the mean over search seeds.
    /// </summary>
    private static PairedTest? Test(ComparisonRow first, ComparisonRow second)
    {
        var byTraining = first.Entry.Kind == RowKind.Genotype || second.Entry.Kind == RowKind.Genotype;
        var (a, b) = (Group(first), Group(second));
        var pairs = a.Keys.Where(b.ContainsKey).Select(key => byTraining ? ((double A, double B)?)(a[key].Values.Average(), b[key].Values.Average()) : Common(a[key], b[key])).OfType<(double A, double B)>().ToList();
        return pairs.Count == 0 ? null : PairedTest.Of([.. pairs.Select(pair => pair.A)], [.. pairs.Select(pair => pair.B)]);

        Dictionary<int, Dictionary<int, double>> Group(ComparisonRow row) => row.Values.GroupBy(value => byTraining ? value.Train : value.Search)
            .ToDictionary(group => group.Key, group => group.ToDictionary(value => byTraining ? value.Search : value.Train, value => value.Top1));
    }

    private static (double A, double B)? Common(Dictionary<int, double> a, Dictionary<int, double> b)
    {
        var seeds = a.Keys.Where(b.ContainsKey).ToList();
        return seeds.Count == 0 ? null : (seeds.Average(seed => a[seed]), seeds.Average(seed => b[seed]));
    }
}
