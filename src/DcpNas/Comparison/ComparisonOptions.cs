using DcpNas.Networks;
using DcpNas.Search;
using DcpNas.Tasks.Classification;
using static DcpNas.Foundation.OptionRules;

namespace DcpNas.Comparison;

/// <summary>A table of rows and seeds: every genotype searched, drawn or given, trained and tested alike, at equal OPs. Immutable; saved with the run.</summary>
public sealed partial record ComparisonOptions
{
    /// <summary>Rows by name: those of <see cref="ComparisonStrategies"/>, of <see cref="Rows"/>, and published genotypes. Default dcp, cp, direct, parent, random.</summary>
    [Option("Rows: those known by name, or published genotypes", MayChange = true)]
    public IReadOnlyList<string> Strategies { get; init; } = ["dcp", "cp", "direct", "parent", ComparisonStrategies.Random];

    /// <summary>Rows of one's own; all of them take part.</summary>
    [Option("Rows of your own: a base (a row, a preset, a genotype file) and what differs", MayChange = true)]
    public IReadOnlyDictionary<string, RowDefinition> Rows { get; init; } = new Dictionary<string, RowDefinition>();

    /// <summary>The row that the comparison is about, named before its results are known; null: the first.</summary>
    [Option("The row that the comparison is about, named before its results are known", None = "the first")]
    public string? Primary { get; init; }

    /// <summary>Seeds, each for a search and a training of every row. Default 0, 1, 2.</summary>
    [Option("Seeds, each for a search and a training", MayChange = true)]
    public IReadOnlyList<int> Seeds { get; init; } = [0, 1, 2];

    /// <summary>Seeds of the searches, in place of <see cref="Seeds"/>; null: those.</summary>
    [Option("Seeds of the searches, in place of `seeds`", MayChange = true)]
    public IReadOnlyList<int>? SearchSeeds { get; init; }

    /// <summary>Seeds of the trainings of every genotype, whose mean is the value of a search seed; null: one training, with the seed of the search.</summary>
    [Option("Seeds of the trainings of every genotype, whose mean is the value of a search seed",
        None = "one training, with the seed of the search", MayChange = true)]
    public IReadOnlyList<int>? TrainSeeds { get; init; }

    /// <summary>OPs per image that every trained network comes as near to as its width allows; null: the mean of 100 random genotypes at the width and depth of <c>train</c>.</summary>
    [Option("OPs that every trained network comes near to, as 20M", Above = 0, None = "the mean of 100 random genotypes")]
    public double? TargetOps { get; init; }

    /// <summary>Whether every network has the width at which its OPs come nearest to the target; false: the width of <c>train</c>.</summary>
    [Option("Whether every network has the width at which its OPs come nearest to the target; false: that of train, as a population has it")]
    public bool EqualOps { get; init; } = true;

    /// <summary>Table of a population (dcpnas population): random networks, trained alike, among which rows have a percentile; null: that of an earlier session.</summary>
    [Option("Table of dcpnas population: random networks, trained alike, among which rows get their percentile",
        None = "that of an earlier session, if any", MayChange = true)]
    public string? Population { get; init; }

    /// <summary>Whether every search also scores the networks of the population, for Kendall's tau; takes about as long as testing them all twice.</summary>
    [Option("Let every search score the networks of the population too, for Kendall's tau, as dcpnas rank does; a score that stands is kept", MayChange = true)]
    public bool Rank { get; init; }

    /// <summary>How far OPs may be off the target before a report marks the network; a share.</summary>
    [Option("Share of the target beyond which a network is marked", Above = 0, Below = 1, MayChange = true)]
    public double OpsTolerance { get; init; } = 0.02;

    /// <summary>The common options of all searches; strategy and seed are those of each job.</summary>
    [Option("What all searches have in common: the options of search")]
    public SearchOptions Search { get; init; } = new();

    /// <summary>The common options of all trainings; network, data and seed are those of each job.</summary>
    [Option("What all trainings have in common: the options of train")]
    public TrainOptions Train { get; init; } = new();

    /// <summary>All rows, in their order: the named ones, then those of <see cref="Rows"/> that are not named.</summary>
    public IReadOnlyList<string> RowNames => [.. Strategies.Concat(Rows.Keys).Distinct()];

    /// <summary>The name of the primary row.</summary>
    public string PrimaryRow => Primary ?? RowNames[0];

    /// <summary>The seeds of the searches.</summary>
    public IReadOnlyList<int> SeedsOfSearch => SearchSeeds ?? Seeds;

    /// <summary>The seeds of the trainings of a genotype that a search seed gave.</summary>
    public IReadOnlyList<int> SeedsOfTraining(int searchSeed) => TrainSeeds ?? [searchSeed];

    /// <summary>Everything wrong with these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        var entries = ComparisonEntries.Of(this, problems);
        problems.AddRange(Check(Strategies.Distinct().Count() == Strategies.Count && RowNames.Count > 0, $"strategies must name at least one, each once, got [{string.Join(", ", Strategies)}]."));
        problems.AddRange(Check(Primary is null || RowNames.Contains(Primary), $"primary must be one of the rows {string.Join(", ", RowNames)}, got '{Primary}'."));
        foreach (var (key, seeds) in ((string, IReadOnlyList<int>?)[])[(SeedsKey, Seeds), (SearchSeedsKey, SearchSeeds), (TrainSeedsKey, TrainSeeds)])
        {
            problems.AddRange(Check(
                seeds is null || (seeds.Count > 0 && seeds.Distinct().Count() == seeds.Count), $"{key} must hold at least one, each once, got [{string.Join(", ", seeds ?? [])}]."));
        }

        var primary = RowNames.Count == 0 ? null : entries.FirstOrDefault(entry => entry.Name == PrimaryRow);
        foreach (var entry in entries.Where(entry => entry is { Kind: RowKind.BestOfRandom, Candidates: null }))
        {
            problems.AddRange(Check(primary is null or { Kind: RowKind.Search, Search.Row.IsDrawn: false },
                $"{entry.Name} takes the CPU time of the search of the primary row, but '{PrimaryRow}' searches nothing. Name a primary row that searches, or give rows.NAME.candidates."));
        }

        return
        [
            .. problems,
            .. Check(EqualOps || TargetOps is null, "target_ops must be absent where equal_ops is false: networks have the width of train."),
            .. OptionDeclaration.Problems(this),
            .. Check(Search.Strategy == new SearchOptions().Strategy && Search.Seed == 0, "search.strategy and search.seed must be absent: they are those of each job."),
            .. Check(Train is { Genotype: null, Architecture: NetworkNames.Cells, Seed: 0 },
                "train.genotype, train.architecture and train.seed must be absent: the genotype and the seed are those of each job."),
            .. Check(!EqualOps || (!Search.Chip.IsLimited && entries.All(entry => !entry.Search.Chip.IsLimited)),
                "equal_ops must be false with search.max_flash, search.max_ram or search.max_instructions: a network at the common OPs has a width that knows no limit of a chip."),
            .. Search.Problems().Select(problem => $"search.{problem}"),
            .. Train.ProblemsOfRecipe().Select(problem => $"train.{problem}"),
        ];
    }
}
