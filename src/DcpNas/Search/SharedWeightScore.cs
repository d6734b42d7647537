using DcpNas.Data;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>How good a discrete network is with the shared weights of a supernet, without a training of its own.</summary>
/// <remarks>
/// Batch normalisation uses the statistics of the batch (<see cref="Supernet"/>), so that scores of different batch sizes do not compare. Source: one-shot
/// scores, "Understanding and Simplifying One-Shot Architecture Search" (Bender et al., ICML 2018).
/// </remarks>
/// <param name="Images">Images that were classified.</param>
/// <param name="Top1">The share of them that was right.</param>
/// <param name="CrossEntropy">Mean over the images, natural logarithm.</param>
public sealed record SharedWeightScore(long Images, double Top1, double CrossEntropy)
{
    /// <summary>Scores one genotype with one supernet.</summary>
    /// <param name="network">The supernet.</param>
    /// <param name="genotype">The discrete network; only what it keeps is computed.</param>
    /// <param name="batches">The images; they stay the caller's.</param>
    /// <exception cref="ArgumentException">There is no batch.</exception>
    public static SharedWeightScore Of(Supernet network, Genotype genotype, IReadOnlyList<Batch> batches) => Of([network], genotype, batches);

    /// <summary>Scores one genotype with several supernets, among which the images are dealt batch by batch: what one of them happened to learn cancels, and the time does not grow with their number.</summary>
    /// <param name="networks">The supernets, trained apart.</param>
    /// <param name="genotype">The discrete network; only what it keeps is computed.</param>
    /// <param name="batches">The images, as many batches as supernets or more; they stay the caller's.</param>
    /// <exception cref="ArgumentException">There are fewer batches than supernets, or none of them.</exception>
    public static SharedWeightScore Of(IReadOnlyList<Supernet> networks, Genotype genotype, IReadOnlyList<Batch> batches)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(genotype);
        ArgumentNullException.ThrowIfNull(batches);
        if (networks.Count == 0 || batches.Count < networks.Count)
        {
            throw new ArgumentException($"batches must hold at least one batch for each of the supernets ({networks.Count}, at least one), got {batches.Count}.", nameof(batches));
        }

        using var _ = no_grad();
        long images = 0, correct = 0;
        var loss = 0.0;
        foreach (var (index, batch) in batches.Index())
        {
            using var scope = NewDisposeScope();
            var logits = networks[index % networks.Count].Logits(batch.Images, genotype);
            images += batch.Labels.shape[0];
            correct += Objectives.CountCorrect(logits, batch.Labels);
            loss += Objectives.CrossEntropy(logits, batch.Labels).ToDouble() * batch.Labels.shape[0];
        }

        return new SharedWeightScore(images, (double)correct / images, loss / images);
    }
}
