using System.Runtime.ExceptionServices;

namespace DcpNas.Data;

/// <summary>Memory of one batch, used again and again: workers fill it, the caller copies it into tensors.</summary>
internal sealed class BatchBuffer(int images, int floatsPerImage)
{
    public readonly float[] Pixels = new float[checked(images * floatsPerImage)];
    public readonly long[] Labels = new long[images];

    /// <summary>Images that the batch holds; the last batch of an epoch may hold fewer than fit.</summary>
    public int Count;

    /// <summary>What went wrong while the batch was filled.</summary>
    public ExceptionDispatchInfo? Error;
}
