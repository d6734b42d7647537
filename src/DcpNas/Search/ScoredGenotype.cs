using DcpNas.Data;
using DcpNas.SearchSpace;

namespace DcpNas.Search;

/// <summary>A genotype and what the shared weights of the supernets make of it: a proxy.</summary>
/// <param name="Genotype">The genotype.</param>
/// <param name="Score">With the weights of the supernet that decides.</param>
/// <param name="Parent">With those of the Parent, where the discrepancy decides; else null.</param>
public sealed record ScoredGenotype(Genotype Genotype, SharedWeightScore Score, SharedWeightScore? Parent = null)
{
    /// <summary>
    /// What candidates are ordered by, the least first: the cross entropy, which tells more of few images than the accuracy does, or what the 1-bit Child has of it above
    /// its real-valued Parent.
    /// </summary>
    /// <remarks>
    /// Shared weights of real numbers prefer networks of many convolutions, whose 1-bit counterparts train worst; the Child begins with them and shares that bias, and their difference is
    /// freer of it. The discrepancy of Parent and Child is what DCP-NAS (arXiv:2306.15390) keeps small.
    /// </remarks>
    public double Value => Score.CrossEntropy - (Parent?.CrossEntropy ?? 0);

    /// <summary>Scores a genotype.</summary>
    /// <param name="networks">The supernets.</param>
    /// <param name="genotype">The discrete network.</param>
    /// <param name="batches">Held-out images; they stay the caller's.</param>
    /// <param name="decides">Whose weights.</param>
    /// <param name="score">What candidates are ordered by.</param>
    public static ScoredGenotype Of(SearchNetworks networks, Genotype genotype, IReadOnlyList<Batch> batches, SearchPhase decides, SelectionScore score)
    {
        ArgumentNullException.ThrowIfNull(networks);
        return new(
            genotype, SharedWeightScore.Of(networks.Trained(decides), genotype, batches),
            score == SelectionScore.Discrepancy ? SharedWeightScore.Of(networks.Trained(SearchPhase.Parent), genotype, batches) : null);
    }
}
