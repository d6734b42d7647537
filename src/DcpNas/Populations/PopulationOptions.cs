using System.Text.Json;
using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Tasks.Classification;
using static DcpNas.Foundation.OptionRules;

namespace DcpNas.Populations;

/// <summary>A population of random genotypes, all trained alike: the baseline for searches and other networks. Immutable; saved with the run.</summary>
public sealed record PopulationOptions
{
    internal const string TrainingSeedsKey = "training_seeds";
    private const string TrainKey = "train";
    private const string Example = "{ \"genotypes\": 100 }";

    /// <summary>Genotypes; they are those of the seeds 1, 2, 3, ...</summary>
    [Option("Random genotypes, those of the seeds 1, 2, 3, ...", Min = 1, Max = 1_000_000, Rule = "1 to 1000000", MayChange = true)]
    public int Genotypes { get; init; } = 100;

    /// <summary>Seeds of trainings. All genotypes are trained with the first; the others show how much of the spread is the seed's.</summary>
    [Option("Seeds of trainings: the first for all genotypes, the others for the first few", MayChange = true)]
    public IReadOnlyList<int> TrainingSeeds { get; init; } = [0];

    /// <summary>Genotypes, from the first on, that are trained with every training seed.</summary>
    [Option("Genotypes that are trained with every training seed, for the noise floor", Min = 1, MayChange = true, Formerly = "repeated")]
    public int Repeat { get; init; } = 10;

    /// <summary>Whether the weights of finished trainings are deleted.</summary>
    [Option("Delete the weights of finished trainings; results, log and report stay", MayChange = true)]
    public bool DropCheckpoints { get; init; }

    /// <summary>A table of earlier trainings of the same testbed, which are taken over; null = none but those taken over before.</summary>
    [Option("Table of earlier trainings with the same options, which are taken over and not trained again", MayChange = true)]
    public string? From { get; init; }

    /// <summary>The processor on which the page shows what networks take; null: none but the one shown before.</summary>
    [Option("Processor on which the page shows accuracy against flash, RAM and instructions, one of those of cost --core", MayChange = true)]
    public string? Core { get; init; }

    /// <summary>Bits of the numbers between layers that it is about; null: <see cref="ChipTarget.DefaultShortcuts"/>.</summary>
    [Option("Bits of the numbers between layers that flash, RAM and instructions of `core` are about, as in export --shortcuts: 16 or 8", None = "16", MayChange = true)]
    public int? Shortcuts { get; init; }

    /// <summary>The common options of all trainings; genotype and seed are those of each.</summary>
    [Option("What all trainings have in common: the options of train")]
    public TrainOptions Train { get; init; } = new();

    /// <summary>Options that may differ when a population is resumed: it can grow, and the others change nothing that is computed.</summary>
    public static IReadOnlyCollection<string> MayChange { get; } =
    [
        .. OptionDeclaration.KeysThatMayChange(typeof(PopulationOptions)), .. PopulationTestbed.MayDiffer.Select(key => $"{TrainKey}.{key}"),
    ];

    /// <summary>What the page shows flash, RAM and instructions of; null: nothing but what it showed before.</summary>
    internal ChipTarget? Chip => new ChipLimits { Core = Core, Shortcuts = Shortcuts }.Target;

    /// <summary>Reads the options of a population's folder.</summary>
    /// <param name="json">Its options.</param>
    /// <param name="source">What messages call them.</param>
    /// <exception cref="OptionsException">They are of another kind.</exception>
    public static PopulationOptions FromJson(JsonObject json, string source)
    {
        ArgumentNullException.ThrowIfNull(json);
        var own = (JsonObject)json.DeepClone();
        own.Remove(TrainKey);
        return OptionsJson.Read<PopulationOptions>(own.ToJsonString(), source, Example) with { Train = TrainOptions.FromJson(json[TrainKey]?.ToJsonString() ?? "{}", source) };
    }

    /// <summary>Everything wrong with these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems() =>
    [
        .. OptionDeclaration.Problems(this),
        .. Check(TrainingSeeds.Count > 0 && TrainingSeeds.Distinct().Count() == TrainingSeeds.Count, $"training_seeds must hold at least one, each once, got [{string.Join(", ", TrainingSeeds)}]."),
        .. Check(TrainingSeeds.All(seed => seed >= 0), $"training_seeds must be at least 0, got [{string.Join(", ", TrainingSeeds)}]."),
        .. Check(Train is { Genotype: null, Architecture: NetworkNames.Cells, Seed: 0 }, "genotype, architecture and seed must be absent: each training has its own; name training_seeds."),
        .. ChipTarget.Problems(Shortcuts ?? ChipTarget.DefaultShortcuts),
        .. Check(Shortcuts is null || Core is not null, "shortcuts is about core; name a core, or leave it out."),
        .. Train.ProblemsOfRecipe(),
    ];

    /// <summary>Every value, defaults included.</summary>
    public JsonObject ToJson() => new()
    {
        ["genotypes"] = Genotypes,
        [TrainingSeedsKey] = JsonSerializer.SerializeToNode(TrainingSeeds),
        ["repeat"] = Repeat,
        ["drop_checkpoints"] = DropCheckpoints,
        ["from"] = From,
        ["core"] = Core,
        ["shortcuts"] = Shortcuts,
        [TrainKey] = Train.ToJson(),
    };
}
