using System.Text.Json.Nodes;
using DcpNas.Data;
using DcpNas.Search;
using DcpNas.SearchSpace;

namespace DcpNas.Populations;

/// <summary>What a search says of one genotype.</summary>
/// <param name="LogLikelihood">Under alpha (<see cref="GenotypeLikelihood"/>).</param>
/// <param name="Child">With the Child's shared weights; null where the search trains none.</param>
/// <param name="Parent">With the Parent's; null where the search trains none.</param>
public sealed record SearchScores(double LogLikelihood, SharedWeightScore? Child, SharedWeightScore? Parent)
{
    /// <summary>Scores a genotype.</summary>
    /// <param name="networks">What the search has learned.</param>
    /// <param name="genotype">The discrete network.</param>
    /// <param name="batches">Images; they stay the caller's.</param>
    /// <param name="decides">The phase whose alpha gives the genotype of the search.</param>
    /// <param name="trained">The phases that the search has.</param>
    internal static SearchScores Of(SearchNetworks networks, Genotype genotype, IReadOnlyList<Batch> batches, SearchPhase decides, IReadOnlySet<SearchPhase> trained)
    {
        SharedWeightScore? Score(SearchPhase phase) => trained.Contains(phase) ? SharedWeightScore.Of(networks.Trained(phase), genotype, batches) : null;
        return new(GenotypeLikelihood.Log(networks.Of(decides).Architecture, genotype), Score(SearchPhase.Child), Score(SearchPhase.Parent));
    }

    /// <summary>The scores as JSON; those that the search does not have are absent.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["log_likelihood"] = LogLikelihood };
        foreach (var (name, score) in ((string, SharedWeightScore?)[])[("child", Child), ("parent", Parent)])
        {
            if (score is not null)
            {
                json[$"{name}_top1"] = score.Top1;
                json[$"{name}_loss"] = score.CrossEntropy;
            }
        }

        return json;
    }
}
