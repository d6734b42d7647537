namespace DcpNas.Runtime.Layers;

/// <summary>A node made ready to run: weights in the form that its kernel reads, and where its values lie. Immutable; threads share it.</summary>
internal abstract class Layer
{
    /// <summary>Rows of the result that can be computed independently; 1 where the work is not divided.</summary>
    public abstract int Rows { get; }

    /// <summary>Bytes that a thread needs while it runs.</summary>
    public virtual int ScratchBytes => 0;

    /// <summary>Computes some rows. Several threads may do so at once, each on its own rows.</summary>
    /// <param name="memory">The values of the image.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rowCount">Rows, at least 1.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/> bytes of this thread, aligned to 64 bytes; holds anything.</param>
    public abstract void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch);
}
