using DcpNas.Data;
using DcpNas.Data.ReIdentification;
using DcpNas.Native;
using DcpNas.Protocols.ReIdentification;
using static TorchSharp.torch;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>Runs a network over images of persons and gathers their embeddings. Beside them, memory does not grow with the number of images.</summary>
public static class EmbeddingPass
{
    private const int BatchesBetweenSafePoints = 20;

    /// <summary>The embeddings of all images, in their order, with persons and cameras.</summary>
    /// <param name="network">Backbone and head; left in evaluation mode.</param>
    /// <param name="images">The images.</param>
    /// <param name="options">How they are cut into batches; their normalisation is that of the training.</param>
    /// <param name="progress">Is told the number of images so far; null for nobody.</param>
    /// <param name="cancel">Stops between two batches.</param>
    /// <exception cref="InputException">An embedding is not finite, or an image cannot be read.</exception>
    public static FeatureSet Run(TaskNetwork network, IPersonImages images, BatchLoaderOptions options, Action<long>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(images);
        var length = network.Backbone.FeatureCount;
        var embeddings = new float[(long)images.Count * length];
        using var loader = new BatchLoader(images, [.. Enumerable.Range(0, images.Count)], options);
        var (done, batches) = (0, 0);
        network.eval();
        foreach (var batch in loader.Epoch(0))
        {
            using var taken = batch;
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            var rows = network.Run(batch.Images).Main[0].to(ScalarType.Float32).cpu().contiguous();
            Check(rows);
            rows.data<float>().CopyTo(embeddings.AsSpan(done * length, (int)rows.shape[0] * length), 0);
            done += (int)rows.shape[0];
            progress?.Invoke(done);
            if (++batches % BatchesBetweenSafePoints == 0)
            {
                FinalizerGate.SafePoint();
            }
        }

        return new FeatureSet(embeddings, length, [.. Enumerable.Range(0, images.Count).Select(images.Identity)], [.. Enumerable.Range(0, images.Count).Select(images.Camera)]);
    }

    /// <summary>Refuses embeddings that are not finite.</summary>
    internal static void Check(Tensor embeddings)
    {
        if (!embeddings.isfinite().all().item<bool>())
        {
            throw new NotFiniteException("An output of the network is not finite.");
        }
    }
}
