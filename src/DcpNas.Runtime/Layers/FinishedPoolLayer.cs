using System.Runtime.InteropServices;
using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Maximum or mean of a window and what an affine function makes of it, row by row.</summary>
internal sealed class FinishedPoolLayer(PoolNode node, Operand input, ValueShape pooled, Epilogue kernel, Finish finish, InstructionSet set) : Layer
{
    private readonly Pooling _pool = Kernel.Pooling(node, input.Shape, set);

    public override int Rows => pooled.Height;

    public override int ScratchBytes => checked(pooled.Width * pooled.Channels * sizeof(float));

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var row = MemoryMarshal.Cast<byte, float>(scratch)[..(pooled.Width * pooled.Channels)];
        for (var y = firstRow; y < firstRow + rowCount; y++)
        {
            _pool.Run(input.In<float>(memory), row, y, 1);
            kernel.Run(row, finish.Rows(memory, y, 1), 1, pooled.Width);
        }
    }
}
