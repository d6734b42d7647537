using DcpNas.Networks;

namespace DcpNas.Export.Lowering;

/// <summary>ReActNet.</summary>
internal sealed class ReActNetLowering<T>(NetworkParameters parameters, INetworkEmitter<T> emitter)
    where T : class
{
    /// <summary>The last map of each stage.</summary>
    public IReadOnlyList<T> Run()
    {
        var value = emitter.Convolve("stem", emitter.Image, parameters.Filter("stem.convolution"), parameters.Norm("stem.norm"), default);
        var plan = ReActNet.Plan(parameters.Description);
        var stages = new List<T>();
        for (var block = 0; block < plan.Count; block++)
        {
            value = Unit($"blocks.{block}.pointwise", Unit($"blocks.{block}.spatial", value));
            if (block == plan.Count - 1 || plan[block + 1].Spatial.Stride == 2)
            {
                stages.Add(value);
            }
        }

        return stages;
    }

    /// <summary>A <see cref="Networks.Layers.ReActUnit"/>.</summary>
    public T Unit(string name, T input)
    {
        var filter = parameters.Filter($"{name}.convolution");
        var shift = parameters.Read($"{name}.shift");
        var operand = parameters.Description.Precision.BinaryInputs ? emitter.Signs($"{name}.signs", input, null, shift) : emitter.Normalize($"{name}.shifted", input, Shift(shift));
        var shortcut = filter.Shape.Stride == 2 ? emitter.Halve($"{name}.mean", input) : input;
        shortcut = filter.Shape.OutChannels == filter.Shape.InChannels ? shortcut : emitter.Concat($"{name}.twice", [shortcut, shortcut]);
        return emitter.Convolve(
            name,
            operand,
            filter,
            parameters.Norm($"{name}.norm").Plus(parameters.Read($"{name}.before")),
            new() { Shortcut = shortcut, Slope = parameters.Read($"{name}.slope"), Shift = parameters.Read($"{name}.after") });
    }

    /// <summary><c>x + shift</c> as a normalisation: mean 0 and a variance that makes the deviation 1.</summary>
    private static ChannelNorm Shift(float[] shift) =>
        new([.. shift.Select(_ => 1f)], shift, new float[shift.Length], [.. shift.Select(_ => 1 - (float)Operators.Normalization.Epsilon)]);
}
