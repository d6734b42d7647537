using DcpNas.Data;

namespace DcpNas.Search;

/// <summary>The images of one step of a search, in the pieces that this process takes of each batch; one piece where batches are not cut into shards.</summary>
/// <param name="Weights">Images of the weight half.</param>
/// <param name="Architecture">Images of the architecture half; null where alpha does not learn, or not in this step.</param>
public sealed record SearchBatch(IReadOnlyList<Batch> Weights, IReadOnlyList<Batch>? Architecture) : IDisposable
{
    /// <summary>Frees all tensors.</summary>
    public void Dispose()
    {
        foreach (var batch in Weights.Concat(Architecture ?? []))
        {
            batch.Dispose();
        }
    }
}
