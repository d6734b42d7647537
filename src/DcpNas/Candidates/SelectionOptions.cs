using System.Text.Json.Nodes;
using DcpNas.Networks;
using DcpNas.Tasks.Classification;
using DcpNas.Training;
using static DcpNas.Foundation.OptionRules;

namespace DcpNas.Candidates;

/// <summary>A choice among candidates of a finished search by brief trainings. Immutable; saved with the run.</summary>
public sealed record SelectionOptions
{
    internal const string CandidatesKey = "candidates";
    private const string TrainKey = "train";

    /// <summary>The run folder of the search.</summary>
    [Option("Run folder of a finished search")]
    public required string Run { get; init; }

    /// <summary>Genotypes that are trained: alpha's own, the others drawn from alpha.</summary>
    [Option("Genotypes to train briefly: that of alpha's argmax, the others drawn from alpha",
        Min = 1, Max = 1000, Rule = "1 to 1000", Note = "more may be added later", MayChange = true)]
    public int Candidates { get; init; } = 6;

    /// <summary>Epochs of each training in its last step; null: a quarter of the full training.</summary>
    [Option("Epochs of each brief training in its last step; step 1 is shortened alike", Min = 1, None = "a quarter of `epochs`")]
    public int? CandidateEpochs { get; init; }

    /// <summary>The full training of the network that will be kept; the genotype is that of each candidate.</summary>
    [Option("The full training of the network that will be kept: the options of train")]
    public TrainOptions Train { get; init; } = new();

    /// <summary>Options that may differ when a selection is resumed: candidates may be added, and the others change nothing that is computed.</summary>
    public static IReadOnlyCollection<string> MayChange { get; } =
        [.. OptionDeclaration.KeysThatMayChange(typeof(SelectionOptions)), .. TrainingOptions.MayChange.Select(key => $"{TrainKey}.{key}")];

    /// <summary>Everything wrong with these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems() =>
    [
        .. OptionDeclaration.Problems(this),
        .. Check(Train is { Genotype: null, Architecture: NetworkNames.Cells }, "genotype and architecture must be absent: each candidate has its own."),
        .. Train.ProblemsOfRecipe(),
    ];

    /// <summary>Every value, defaults included.</summary>
    public JsonObject ToJson() => new()
    {
        [CandidatesKey] = Candidates,
        ["candidate_epochs"] = BriefTraining.Epochs(CandidateEpochs, Train),
        [TrainKey] = Train.ToJson(),
    };
}
