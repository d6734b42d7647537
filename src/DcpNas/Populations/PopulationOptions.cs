using System.Text.Json;
using System.Text.Json.Nodes;
using DcpNas.Networks;
using DcpNas.Training;

namespace DcpNas.Populations;

/// <summary>A population of random genotypes, all trained alike: the yardstick for searches and other networks. Immutable; saved with the run.</summary>
public sealed record PopulationOptions
{
    internal const string TrainingSeedsKey = "training_seeds";
    private const string TrainKey = "train";

    /// <summary>Genotypes; they are those of the seeds 1, 2, 3, ... Default 100.</summary>
    public int Genotypes { get; init; } = 100;

    /// <summary>Seeds of trainings. All genotypes are trained with the first; the others show how much of the spread is the seed's. Default 0.</summary>
    public IReadOnlyList<int> TrainingSeeds { get; init; } = [0];

    /// <summary>Genotypes, from the first on, that are trained with every training seed. Default 10.</summary>
    public int Repeated { get; init; } = 10;

    /// <summary>Whether the weights of finished trainings are deleted. Default false.</summary>
    public bool DropCheckpoints { get; init; }

    /// <summary>The common options of all trainings; genotype and seed are those of each.</summary>
    public TrainOptions Train { get; init; } = new();

    /// <summary>Options that may differ when a population is resumed: it can grow, and the others change nothing that is computed.</summary>
    public static IReadOnlyCollection<string> MayChange { get; } =
    [
        "genotypes", TrainingSeedsKey, "repeated", "drop_checkpoints", .. PopulationTestbed.MayDiffer.Select(key => $"{TrainKey}.{key}"),
    ];

    /// <summary>Everything wrong with these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Check(Genotypes is >= 1 and <= 1_000_000, $"genotypes must be 1 to 1000000, got {Genotypes}.");
        Check(TrainingSeeds.Count > 0 && TrainingSeeds.Distinct().Count() == TrainingSeeds.Count, $"training_seeds must hold at least one, each once, got [{string.Join(", ", TrainingSeeds)}].");
        Check(TrainingSeeds.All(seed => seed >= 0), $"training_seeds must be at least 0, got [{string.Join(", ", TrainingSeeds)}].");
        Check(Repeated >= 1, $"repeated must be at least 1, got {Repeated}.");
        Check(Train is { Genotype: null, Architecture: NetworkNames.Cells, Seed: 0 }, "genotype, architecture and seed must be absent: each training has its own; name training_seeds.");
        problems.AddRange(Train.ProblemsOfRecipe());
        return problems;

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }

    /// <summary>Every value, defaults included.</summary>
    public JsonObject ToJson() => new()
    {
        ["genotypes"] = Genotypes,
        [TrainingSeedsKey] = JsonSerializer.SerializeToNode(TrainingSeeds),
        ["repeated"] = Repeated,
        ["drop_checkpoints"] = DropCheckpoints,
        [TrainKey] = Train.ToJson(),
    };
}
