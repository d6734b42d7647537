using DcpNas.Networks;
using DcpNas.Search;
using DcpNas.Training;

namespace DcpNas.Comparison;

/// <summary>A table of strategies and seeds, each searched, trained and tested alike, at equal OPs. Immutable; saved with the run.</summary>
public sealed partial record ComparisonOptions
{
    /// <summary>The rows, by the names of <see cref="ComparisonStrategies"/>. Default dcp, cp, direct, parent, random.</summary>
    public IReadOnlyList<string> Strategies { get; init; } = ["dcp", "cp", "direct", "parent", ComparisonStrategies.Random];

    /// <summary>Seeds, each for a search and a training of every strategy. Default 0, 1, 2.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [0, 1, 2];

    /// <summary>OPs per image that every trained network comes as near to as its width allows; null: the mean of 100 random genotypes at the width and depth of <c>train</c>.</summary>
    public double? TargetOps { get; init; }

    /// <summary>How far OPs may be off the target before a report marks the network; a share, in (0, 1). Default 0.02.</summary>
    public double OpsTolerance { get; init; } = 0.02;

    /// <summary>The common options of all searches; strategy and seed are those of each job.</summary>
    public SearchOptions Search { get; init; } = new();

    /// <summary>The common options of all trainings; network, data and seed are those of each job.</summary>
    public TrainOptions Train { get; init; } = new();

    /// <summary>Everything wrong with these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        foreach (var name in Strategies.Where(name => !ComparisonStrategies.Names.Contains(name)))
        {
            problems.Add($"strategies must be among {string.Join(", ", ComparisonStrategies.Names)}, got '{name}'. Did you mean '{Nearest.Of(name, ComparisonStrategies.Names)}'?");
        }

        Check(Strategies.Count > 0 && Strategies.Distinct().Count() == Strategies.Count, $"strategies must name at least one, each once, got [{string.Join(", ", Strategies)}].");
        Check(Seeds.Count > 0 && Seeds.Distinct().Count() == Seeds.Count, $"seeds must hold at least one, each once, got [{string.Join(", ", Seeds)}].");
        Check(TargetOps is null or > 0, $"target_ops must be above 0, got {TargetOps}.");
        Check(OpsTolerance is > 0 and < 1, $"ops_tolerance must be above 0 and below 1, got {OpsTolerance}.");
        Check(Search.Strategy == new SearchOptions().Strategy && Search.Seed == 0, "search.strategy and search.seed must be absent: they are those of each job.");
        Check(Train is { Genotype: null, Architecture: NetworkNames.Cells, Seed: 0 }, "train.genotype, train.architecture and train.seed must be absent: the genotype and the seed are those of each job.");
        problems.AddRange(Search.Problems().Select(problem => $"search.{problem}"));
        problems.AddRange((Train.Genotype is null && Train.Architecture == NetworkNames.Cells ? Train with { Genotype = "found" } : Train).Problems().Select(problem => $"train.{problem}"));
        return problems;

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }
}
