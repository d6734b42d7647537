using System.Runtime.InteropServices;
using DcpNas.Runtime.Kernels.Fixed;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers.Fixed;

/// <summary>Maximum or mean of a window of fixed-point numbers and what an affine function makes of it, row by row.</summary>
internal sealed class FixedFinishedPoolLayer(PoolNode node, Operand input, ValueShape pooled, Finish finish, InstructionSet set) : Layer
{
    private readonly FixedPooling _kernel = Kernel.FixedPooling(node, input.Shape, set);

    public override int Rows => pooled.Height;

    public override int ScratchBytes => checked(pooled.Width * pooled.Channels * sizeof(short));

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var row = MemoryMarshal.Cast<byte, short>(scratch)[..(pooled.Width * pooled.Channels)];
        for (var y = firstRow; y < firstRow + rowCount; y++)
        {
            _kernel.Run(input.In<short>(memory), row, y, 1);
            finish.Kernel.Run(row, finish.Rows(memory, y, 1), 1, pooled.Width);
        }
    }
}
