using DcpNas.Cost;
using DcpNas.Networks;

namespace DcpNas.Export.Lowering;

/// <summary>Bi-Real-Net.</summary>
internal sealed class BiRealNetLowering<T>(NetworkParameters parameters, INetworkEmitter<T> emitter)
    where T : class
{
    /// <summary>The last map of each stage.</summary>
    public IReadOnlyList<T> Run()
    {
        var value = emitter.Convolve("stem", emitter.Image, parameters.Filter("stem.convolution"), parameters.Norm("stem.norm"), default);
        value = parameters.Description.Stem == StemKind.ImageNet ? emitter.Pool("stem.pool", value, maximum: true, stride: 2) : value;
        var count = BiRealNet.Plan(parameters.Description).Count;
        var stages = new List<T>();
        for (var unit = 0; unit < count; unit++)
        {
            value = Unit($"units.{unit}", value);
            if (unit % BiRealNet.UnitsPerStage == BiRealNet.UnitsPerStage - 1)
            {
                stages.Add(value);
            }
        }

        return stages;
    }

    private T Unit(string name, T input)
    {
        var filter = parameters.Filter($"{name}.convolution");
        var operand = parameters.Description.Precision.BinaryInputs ? emitter.Signs($"{name}.signs", input, null, null) : emitter.Clip($"{name}.clip", input);
        var shortcut = filter.Shape.Stride == 1
            ? input
            : emitter.Convolve($"{name}.shortcut", emitter.Halve($"{name}.mean", input), parameters.Filter($"{name}.shortcut.convolution"), parameters.Norm($"{name}.shortcut.norm"), default);
        return emitter.Convolve(name, operand, filter, parameters.Norm($"{name}.norm"), new() { Shortcut = shortcut });
    }
}
