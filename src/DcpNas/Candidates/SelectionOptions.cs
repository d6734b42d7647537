using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Runs;
using DcpNas.Tasks.Classification;
using DcpNas.Training;
using static DcpNas.Foundation.OptionRules;

namespace DcpNas.Candidates;

/// <summary>A choice among candidates of a finished search by brief trainings. Immutable; saved with the run.</summary>
public sealed record SelectionOptions
{
    internal const string CandidatesKey = "candidates";
    private const string TrainKey = "train";
    private const string EpochsKey = "candidate_epochs";

    /// <summary>The run folder of the search.</summary>
    [Option("Run folder of a finished search")]
    public required string Run { get; init; }

    /// <summary>Genotypes that are trained: the search's own, the others its best by shared weights where it has scored any, else drawn from alpha.</summary>
    [Option("Genotypes to train briefly: the search's own, the others its best by shared weights where it has scored any, else drawn from alpha",
        Min = 1, Max = 1000, Rule = "1 to 1000", Note = "more may be added later", MayChange = true)]
    public int Candidates { get; init; } = 6;

    /// <summary>Epochs of each training in its last step; null: a quarter of the full training.</summary>
    [Option("Epochs of each brief training in its last step; step 1 is shortened alike", Min = 1, None = "a quarter of `epochs`")]
    public int? CandidateEpochs { get; init; }

    /// <summary>The full training of the network that will be kept; the genotype is that of each candidate.</summary>
    [Option("The full training of the network that will be kept: the options of train")]
    public TrainOptions Train { get; init; } = new();

    /// <summary>Limits in the units of a chip on the network of the training, and the chip; those of the search hold where there is none here.</summary>
    [Option("Limits in the units of a chip: max_flash, max_ram, max_instructions, core and shortcuts; those of the search hold where there is none")]
    public ChipLimits Chip { get; init; } = new();

    /// <summary>Options that may differ when a selection is resumed: candidates may be added, and the others change nothing that is computed.</summary>
    public static IReadOnlyCollection<string> MayChange { get; } =
        [.. OptionDeclaration.KeysThatMayChange(typeof(SelectionOptions)), .. TrainingOptions.MayChange.Select(key => $"{TrainKey}.{key}")];

    /// <summary>The full training of a selection that was begun, and the epochs of its brief trainings.</summary>
    /// <param name="folder">The folder of the selection.</param>
    internal static (TrainOptions Train, int Epochs) TrainingOf(RunFolder folder)
    {
        var file = folder.PathOf(RunFiles.Options);
        return (TrainOptions.FromJson(folder.Options[TrainKey]?.ToJsonString() ?? "null", file), (int?)folder.Options[EpochsKey] ?? throw InputException.InFile(file, EpochsKey, "a number", "none", "Run select --jobs N again: it writes the file."));
    }

    /// <summary>Everything wrong with these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems() =>
    [
        .. OptionDeclaration.Problems(this),
        .. Check(Train is { Genotype: null, Architecture: NetworkNames.Cells }, "genotype and architecture must be absent: each candidate has its own."),
        .. Train.ProblemsOfRecipe(),
        .. Chip.Problems(),
    ];

    /// <summary>Every value, defaults included; of the chip those that are given, so that selections of earlier versions go on.</summary>
    public JsonObject ToJson() => new(
    [
        KeyValuePair.Create(CandidatesKey, (JsonNode?)Candidates),
        KeyValuePair.Create(EpochsKey, (JsonNode?)BriefTraining.Epochs(CandidateEpochs, Train)),
        .. OptionsJson.Write(Chip).Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())),
        KeyValuePair.Create(TrainKey, (JsonNode?)Train.ToJson()),
    ]);
}
