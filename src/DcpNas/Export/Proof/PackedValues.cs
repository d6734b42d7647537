using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using static TorchSharp.torch;

namespace DcpNas.Export;

/// <summary>The values that a packed model computes of one image, as tensors.</summary>
internal sealed class PackedValues(PackedRunner runner)
{
    private readonly ModelGraph _graph = runner.Model.Graph;

    /// <summary>A value, <c>[1, C, H, W]</c> float64; bits as ±1.</summary>
    public Tensor Read(string name)
    {
        using var scope = NewDisposeScope();
        var shape = _graph.ShapeOf(name);
        var numbers = new float[shape.Elements];
        runner.ReadValue(name, numbers);
        return tensor(numbers, [1, shape.Height, shape.Width, shape.Channels], ScalarType.Float64).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
