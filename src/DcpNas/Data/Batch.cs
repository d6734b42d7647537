using static TorchSharp.torch;

namespace DcpNas.Data;

/// <summary>Images and labels of one step. Its owner disposes it; no dispose scope does.</summary>
public sealed class Batch : IDisposable
{
    internal Batch(Tensor images, Tensor labels, int step)
    {
        Images = images;
        Labels = labels;
        Step = step;
    }

    /// <summary>Normalised images <c>[N, C, H, W]</c>, float32, in channels-last memory if the loader was asked for it.</summary>
    public Tensor Images { get; }

    /// <summary>Labels <c>[N]</c>, int64.</summary>
    public Tensor Labels { get; }

    /// <summary>Place in the epoch, from 0.</summary>
    public int Step { get; }

    /// <summary>Frees both tensors.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}
