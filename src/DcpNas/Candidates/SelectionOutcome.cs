using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.SearchSpace;

namespace DcpNas.Candidates;

/// <summary>What a selection leaves.</summary>
/// <param name="Genotype">The chosen cells.</param>
/// <param name="Candidates">All candidates, alpha's own first.</param>
/// <param name="Epochs">Epochs of each training in its last step.</param>
/// <param name="GenotypePath">The file of the chosen genotype.</param>
public sealed record SelectionOutcome(Genotype Genotype, IReadOnlyList<CandidateRecord> Candidates, int Epochs, string GenotypePath)
{
    /// <summary>What each candidate takes on the chip that is named; empty where none is.</summary>
    public IReadOnlyList<ChipReading> Chips { get; init; } = [];

    /// <summary>The limits that all candidates keep to.</summary>
    public ChipLimits Limits { get; init; } = new();

    /// <summary>How many of the candidates, from the first on, the search has scored with its shared weights; 0 where it scores none.</summary>
    public int Scored { get; init; }

    /// <summary>Whether alpha's own genotype was above the budget, so that the first candidate is the nearest within it.</summary>
    public bool IsFitted { get; init; }

    /// <summary>The chosen one.</summary>
    public CandidateRecord Best => BriefTraining.Best(Candidates);

    /// <summary>The number of the chosen one, from 0.</summary>
    public int Selected => Candidates.ToList().IndexOf(Best);

    /// <summary>Where a candidate comes from.</summary>
    /// <param name="index">Its number, from 0.</param>
    public string OriginOf(int index)
    {
        var origin = (index, index < Scored) switch
        {
            (0, true) => "best by shared weights",
            (0, false) => "argmax of alpha",
            (_, true) => "among the best by shared weights",
            (_, false) => "drawn from alpha",
        };
        return index == 0 && IsFitted ? $"{origin}, fitted to the budget" : origin;
    }

    /// <summary>selection.json.</summary>
    public JsonObject ToJson() => new()
    {
        ["candidate_epochs"] = Epochs,
        ["selected"] = Selected,
        ["genotype_text"] = Genotype.ToString(),
        ["genotype_path"] = GenotypePath,
        ["limits"] = Limits.Target is null ? null : OptionsJson.Write(Limits),
        ["rows"] = new JsonArray([.. Candidates.Select((candidate, index) => new JsonObject
        {
            ["origin"] = OriginOf(index),
            ["genotype"] = candidate.Genotype,
            ["valid_top1"] = candidate.ValidationTop1,
            ["valid_loss"] = candidate.ValidationLoss,
            ["cpu_seconds"] = candidate.CpuSeconds,
            ["seconds"] = candidate.Seconds,
            ["chip"] = index < Chips.Count ? Chips[index].ToJson() : null,
        })]),
    };
}
