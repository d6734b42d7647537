using System.Numerics;
using System.Runtime.InteropServices;

namespace DcpNas.Runtime.Layers;

/// <summary>Adds real maps from left to right.</summary>
internal sealed class AddLayer(Operand[] inputs, Operand output) : Layer
{
    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var target = output.Rows<float>(memory, firstRow, rowCount);
        Sum(inputs[0].Rows<float>(memory, firstRow, rowCount), inputs[1].Rows<float>(memory, firstRow, rowCount), target);
        for (var i = 2; i < inputs.Length; i++)
        {
            Sum(target, inputs[i].Rows<float>(memory, firstRow, rowCount), target);
        }
    }

    private static void Sum(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> target)
    {
        var lefts = MemoryMarshal.Cast<float, Vector<float>>(left);
        var rights = MemoryMarshal.Cast<float, Vector<float>>(right);
        var targets = MemoryMarshal.Cast<float, Vector<float>>(target);
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = lefts[i] + rights[i];
        }

        for (var i = targets.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] = left[i] + right[i];
        }
    }
}
