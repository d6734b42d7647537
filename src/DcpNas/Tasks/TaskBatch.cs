using DcpNas.Data;
using static TorchSharp.torch;

namespace DcpNas.Tasks;

/// <summary>Images and what should be said about them. Its owner disposes it; no dispose scope does.</summary>
/// <param name="images"><c>[N, C, H, W]</c>, normalised.</param>
/// <param name="targets">As the task defines them: for classification, labels <c>[N]</c> int64 alone.</param>
public sealed class TaskBatch(Tensor images, params IReadOnlyList<Tensor> targets) : IDisposable
{
    /// <summary>The images, <c>[N, C, H, W]</c>.</summary>
    public Tensor Images { get; } = images;

    /// <summary>The targets; the task knows which is which.</summary>
    public IReadOnlyList<Tensor> Targets { get; } = targets;

    /// <summary>Number of images.</summary>
    public long Count => Images.shape[0];

    /// <summary>Takes over the tensors of a batch of labelled images.</summary>
    public static TaskBatch Of(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return new TaskBatch(batch.Images, batch.Labels);
    }

    /// <summary>Frees all tensors.</summary>
    public void Dispose()
    {
        Images.Dispose();
        foreach (var target in Targets)
        {
            target.Dispose();
        }
    }
}
