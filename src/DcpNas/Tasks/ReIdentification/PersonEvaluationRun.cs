using DcpNas.Evaluation;
using DcpNas.Protocols.ReIdentification;
using DcpNas.Runs;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>Evaluates a network of embeddings on queries and gallery.</summary>
public static class PersonEvaluationRun
{
    private const long DrawSeed = 0;

    /// <summary>Runs the network over all images, evaluates it and writes <c>reid-evaluation.json</c> and <c>reid-evaluation.html</c>, whose names say what differs from the usual protocol, data or model.</summary>
    /// <remarks>Embeddings are kept, 4 bytes a number; distances are computed in blocks. On the classic splits of CUHK03 the gallery holds one image an identity, in 10 repeats.</remarks>
    /// <param name="options">Network, persons and protocol.</param>
    /// <param name="folder">Where the file goes, created if it is not there; null: the folder of the checkpoint.</param>
    /// <param name="progress">Is told images done and images in all.</param>
    /// <param name="warn">Is told what differs from the official files.</param>
    /// <param name="cancel">Stops after a batch; nothing is written then.</param>
    /// <exception cref="InputException">Options, network or images cannot be used, or the file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static PersonEvaluationOutcome Execute(PersonEvaluationOptions options, string? folder, Action<int, int> progress, Action<string> warn, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(warn);
        using var setup = PersonSetup.Open(options);
        foreach (var warning in setup.Dataset.Warnings)
        {
            warn(warning);
        }

        var target = folder ?? Path.GetDirectoryName(Path.GetFullPath(setup.Model.Path))!;
        var (json, html) = (Path.Combine(target, $"{FileName(options, setup)}.json"), Path.Combine(target, $"{FileName(options, setup)}.html"));
        EvaluationFiles.Claim(setup.Model.Path, json, html);
        var (evaluator, gallery) = setup.Embed(progress, cancel);
        var metrics = setup.IsClassic ? evaluator.MeasureSingleShot(SingleShot.Draw(gallery.Count, DrawSeed), cancel) : evaluator.Measure(cancel);
        List<string> protocol =
        [
            options.DistMetric == EmbeddingDistance.Cosine ? "cosine distance" : "squared Euclidean distance",
            options.MultiQuery is { } pooling ? $"multi-query ({pooling.ToString().ToLowerInvariant()})" : "single query",
        ];
        if (setup.IsClassic)
        {
            protocol.Add($"single-shot gallery, {SingleShot.Repeats} repeats");
        }

        if (options.Rerank)
        {
            var ranking = new ReRankingOptions();
            protocol.Add(FormattableString.Invariant($"k-reciprocal re-ranking (k1 {ranking.K1}, k2 {ranking.K2}, lambda {ranking.Lambda})"));
        }

        if (setup.Distractors is { } distractors)
        {
            protocol.Add($"{distractors.Count} {(distractors.Count == 1 ? "distractor" : "distractors")} added");
        }

        var outcome = new PersonEvaluationOutcome(setup.Model.Path, setup.Dataset.Name, string.Join(", ", protocol), metrics, setup.Dataset.Warnings)
        {
            JsonPath = json,
            PagePath = html,
        };
        var page = PersonReport.Render(outcome, evaluator, setup, cancel);
        cancel.ThrowIfCancellationRequested();
        WriteProbe.CreateFolder(target);
        AtomicFile.WriteText(json, JsonFiles.Format(outcome.ToJson())); // first: the page is known by it
        AtomicFile.WriteText(html, page);
        return outcome;
    }

    /// <summary>The plain name is that of the best model on the data of its run by the usual protocol; what differs stands in the name, so that one evaluation does not replace another.</summary>
    private static string FileName(PersonEvaluationOptions options, PersonSetup setup)
    {
        List<string> parts = ["reid-evaluation"];
        AddIf(Path.GetFileName(setup.Model.Path) != RunFiles.BestModel, Path.GetFileNameWithoutExtension(setup.Model.Path));
        AddIf(setup.OtherDataset is not null, setup.OtherDataset!);
        AddIf(options.DistMetric != EmbeddingDistance.Cosine, "euclidean");
        AddIf(options.Rerank, "rerank");
        AddIf(options.MultiQuery is not null, $"multi-{options.MultiQuery.ToString()!.ToLowerInvariant()}");
        AddIf(options.Distractors is not null, "distractors");
        return string.Join('-', parts);

        void AddIf(bool differs, string part)
        {
            if (differs)
            {
                parts.Add(part);
            }
        }
    }
}
