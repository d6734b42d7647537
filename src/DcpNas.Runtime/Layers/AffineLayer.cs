using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Scale, bias, shortcut, PReLU, shift of a stored value, and what is fused with them.</summary>
/// <param name="input">float32 or sums.</param>
/// <param name="kernel">That of the job.</param>
/// <param name="finish">The job.</param>
internal sealed class AffineLayer(Operand input, Epilogue kernel, Finish finish) : Layer
{
    public override int Rows => input.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var rows = finish.Rows(memory, firstRow, rowCount);
        var width = input.Shape.Width;
        if (input.Shape.Kind == ValueKind.Real)
        {
            kernel.Run(input.Rows<float>(memory, firstRow, rowCount), rows, rowCount, width);
        }
        else if (input.Shape.ShortSums)
        {
            kernel.Run(input.Rows<short>(memory, firstRow, rowCount), rows, rowCount, width);
        }
        else
        {
            kernel.Run(input.Rows<int>(memory, firstRow, rowCount), rows, rowCount, width);
        }
    }
}
