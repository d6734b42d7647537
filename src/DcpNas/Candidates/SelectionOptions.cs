using System.Text.Json.Nodes;
using DcpNas.Networks;
using DcpNas.Training;

namespace DcpNas.Candidates;

/// <summary>A choice among candidates of a finished search by brief trainings. Immutable; saved with the run.</summary>
public sealed record SelectionOptions
{
    private const string TrainKey = "train";

    /// <summary>The run folder of the search.</summary>
    public required string Run { get; init; }

    /// <summary>Genotypes that are trained: alpha's own, the others drawn from alpha. Default 6.</summary>
    public int Candidates { get; init; } = 6;

    /// <summary>Epochs of each training in its last step; null: a quarter of the full training. Default null.</summary>
    public int? CandidateEpochs { get; init; }

    /// <summary>The full training of the network that will be kept; the genotype is that of each candidate.</summary>
    public TrainOptions Train { get; init; } = new();

    /// <summary>Options that may differ when a selection is resumed: candidates may be added, and the others change nothing that is computed.</summary>
    public static IReadOnlyCollection<string> MayChange { get; } = ["candidates", .. TrainingOptions.MayChange.Select(key => $"{TrainKey}.{key}")];

    /// <summary>Everything wrong with these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Check(Candidates is >= 1 and <= 1000, $"candidates must be 1 to 1000, got {Candidates}.");
        Check(CandidateEpochs is null or >= 1, $"candidate_epochs must be at least 1, got {CandidateEpochs}.");
        Check(Train is { Genotype: null, Architecture: NetworkNames.Cells }, "genotype and architecture must be absent: each candidate has its own.");
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
        ["candidates"] = Candidates,
        ["candidate_epochs"] = BriefTraining.Epochs(CandidateEpochs, Train),
        [TrainKey] = Train.ToJson(),
    };
}
