using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Maximum or mean of a window and what an affine function makes of it, row by row.</summary>
/// <typeparam name="T">float, or short for fixed-point numbers.</typeparam>
internal sealed class FinishedPoolLayer<T>(IPool<T> pool, Operand input, ValueShape pooled, IEpilogue<T> kernel, Finish finish) : Layer
    where T : unmanaged
{
    public override int Rows => pooled.Height;

    public override int ScratchBytes => checked(pooled.Width * pooled.Channels * Unsafe.SizeOf<T>());

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var row = MemoryMarshal.Cast<byte, T>(scratch)[..(pooled.Width * pooled.Channels)];
        for (var y = firstRow; y < firstRow + rowCount; y++)
        {
            pool.Run(input.In<T>(memory), row, y, 1);
            kernel.Run(row, finish.Rows(memory, y, 1), 1, pooled.Width);
        }
    }
}
