using DcpNas.Protocols.ReIdentification;

namespace DcpNas.Assessment.ReIdentification;

/// <summary>Evaluates a network of embeddings on queries and gallery.</summary>
public static class PersonEvaluationRun
{
    private const long DrawSeed = 0;

    /// <summary>Runs the network over all images and judges it.</summary>
    /// <remarks>Embeddings are kept, 4 bytes a number; distances are computed in blocks. On the classic splits of CUHK03 the gallery holds one image a person, in 10 repeats.</remarks>
    /// <param name="options">Network, persons and protocol.</param>
    /// <param name="progress">Is told images done and images in all.</param>
    /// <param name="cancel">Stops after a batch.</param>
    /// <exception cref="InputException">Options, network or images cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static PersonEvaluationOutcome Execute(PersonEvaluationOptions options, Action<int, int> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(progress);
        using var setup = PersonSetup.Open(options);
        var (evaluator, gallery) = setup.Embed(progress, cancel);
        var metrics = setup.IsClassic ? evaluator.MeasureSingleShot(SingleShot.Draw(gallery.Count, DrawSeed), cancel) : evaluator.Measure(cancel);
        List<string> protocol =
        [
            options.Distance == FeatureDistance.Cosine ? "cosine distance" : "squared Euclidean distance",
            options.MultiQuery is { } pooling ? $"multi-query ({pooling.ToString().ToLowerInvariant()})" : "single query",
        ];
        if (setup.IsClassic)
        {
            protocol.Add($"single-shot gallery, {SingleShot.Repeats} repeats");
        }

        if (options.ReRank)
        {
            var ranking = new ReRankingOptions();
            protocol.Add(FormattableString.Invariant($"k-reciprocal re-ranking (k1 {ranking.K1}, k2 {ranking.K2}, lambda {ranking.Lambda})"));
        }

        if (setup.Distractors is { } distractors)
        {
            protocol.Add($"{distractors.Count} {(distractors.Count == 1 ? "distractor" : "distractors")} added");
        }

        return new PersonEvaluationOutcome(setup.Model.Path, setup.Dataset.Name, string.Join(", ", protocol), metrics, setup.Dataset.Warnings);
    }
}
