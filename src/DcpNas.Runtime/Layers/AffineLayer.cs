using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Scale, bias, shortcut, PReLU, shift; and the sign of the result, where one is taken.</summary>
/// <param name="kernel">The job.</param>
/// <param name="inputs">Reals or sums, and perhaps a shortcut.</param>
/// <param name="output">The reals, or null where nobody reads them.</param>
/// <param name="bits">Their sign, or null.</param>
internal sealed class AffineLayer(Epilogue kernel, Operand[] inputs, Operand? output, Operand? bits) : Layer
{
    public override int Rows => inputs[0].Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var shortcut = inputs.Length > 1 ? inputs[1].Rows<float>(memory, firstRow, rowCount) : default;
        var reals = output is { } real ? real.Rows<float>(memory, firstRow, rowCount) : default;
        var words = bits is { } sign ? sign.Rows<ulong>(memory, firstRow, rowCount) : default;
        var width = inputs[0].Shape.Width;
        if (inputs[0].Shape.Kind == ValueKind.Real)
        {
            kernel.Run(inputs[0].Rows<float>(memory, firstRow, rowCount), shortcut, reals, words, rowCount, width);
        }
        else if (inputs[0].Shape.ShortSums)
        {
            kernel.Run(inputs[0].Rows<short>(memory, firstRow, rowCount), shortcut, reals, words, rowCount, width);
        }
        else
        {
            kernel.Run(inputs[0].Rows<int>(memory, firstRow, rowCount), shortcut, reals, words, rowCount, width);
        }
    }
}
