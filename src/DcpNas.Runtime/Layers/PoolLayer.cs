using DcpNas.Runtime.Kernels;

namespace DcpNas.Runtime.Layers;

/// <summary>Maximum or mean of a window.</summary>
/// <typeparam name="T">float, or short for fixed-point numbers.</typeparam>
internal sealed class PoolLayer<T>(IPool<T> kernel, Operand input, Operand output) : Layer
    where T : unmanaged
{
    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch) =>
        kernel.Run(input.In<T>(memory), output.Rows<T>(memory, firstRow, rowCount), firstRow, rowCount);
}
