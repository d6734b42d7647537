using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Scale, bias, shortcut, PReLU, shift.</summary>
internal sealed class AffineLayer(AffineNode node, Operand[] inputs, Operand output) : Layer
{
    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var target = output.Rows<float>(memory, firstRow, rowCount);
        Load(memory, firstRow, rowCount, target);
        var shortcut = inputs.Length > 1 ? inputs[1].Rows<float>(memory, firstRow, rowCount) : default;
        var scale = node.Scale.Span;
        var bias = node.Bias.Span;
        var slope = (node.Slope ?? default).Span;
        var shift = (node.Shift ?? default).Span;
        for (var i = 0; i < target.Length; i++)
        {
            var channel = i % scale.Length;
            var value = (target[i] * scale[channel]) + bias[channel];
            if (!shortcut.IsEmpty)
            {
                value += shortcut[i];
            }

            if (!slope.IsEmpty && value < 0)
            {
                value *= slope[channel];
            }

            target[i] = shift.IsEmpty ? value : value + shift[channel];
        }
    }

    private void Load(Workspace memory, int firstRow, int rowCount, Span<float> target)
    {
        if (inputs[0].Shape.Kind == ValueKind.Real)
        {
            inputs[0].Rows<float>(memory, firstRow, rowCount).CopyTo(target);
        }
        else if (inputs[0].Shape.ShortSums)
        {
            var sums = inputs[0].Rows<short>(memory, firstRow, rowCount);
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = sums[i];
            }
        }
        else
        {
            var sums = inputs[0].Rows<int>(memory, firstRow, rowCount);
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = sums[i];
            }
        }
    }
}
