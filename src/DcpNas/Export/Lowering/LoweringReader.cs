using DcpNas.Networks.Graph;

namespace DcpNas.Export.Lowering;

/// <summary>Hands every layer of a graph with its numbers to an emitter.</summary>
/// <param name="parameters">Those of the trained network.</param>
/// <param name="emitter">Writes a format.</param>
internal sealed class LoweringReader<T>(NetworkParameters parameters, INetworkEmitter<T> emitter) : INetworkReader<T>
    where T : class
{
    public T Operand(string name, T input, OperandSpec spec)
    {
        var norm = spec.Norm is { } path ? parameters.Norm(path) : null;
        var shift = spec.Shift is { } learned ? parameters.Read(learned) : null;
        return spec.Sign is not null ? emitter.Signs($"{name}.signs", input, norm, shift)
            : norm is not null ? emitter.Normalize($"{name}.operand", input, norm)
            : shift is not null ? emitter.Normalize($"{name}.shifted", input, ChannelNorm.Shifting(shift))
            : emitter.Clip($"{name}.clip", input);
    }

    public T Convolve(string name, T input, ConvolutionSpec<T> spec)
    {
        var (filter, norm, slope) = (parameters.Filter(spec.Filter.Name), parameters.Norm(spec.Norm), Slope(spec.Slope));
        var shortcut = spec.Shortcut?.Invoke();
        var ending = new FusedEpilogue<T> { Shortcut = shortcut, Slope = slope, Relu = spec.Relu };
        return spec.Shifts is { } shifts
            ? emitter.Convolve(name, input, filter, norm.Plus(parameters.Read(shifts.Before)), ending with { Shift = parameters.Read(shifts.After) })
            : emitter.Convolve(name, input, filter, norm, ending);
    }

    public T Reduce(string name, T input, ReductionSpec spec) =>
        emitter.Reduce(name, input, parameters.Filter(spec.Even.Name), parameters.Filter(spec.Odd.Name), parameters.Norm(spec.Norm), Slope(spec.Slope));

    public T Separable(string name, T input, SeparableSpec spec, T? shortcut)
    {
        var (filter, norm, slope) = (parameters.Filter(spec.Depthwise.Name), parameters.Norm(spec.InnerNorm), parameters.Read(spec.InnerSlope));
        var inner = spec.Sign is null
            ? emitter.Convolve($"{name}.inner", input, filter, norm, new() { Slope = slope })
            : emitter.ConvolveToSigns($"{name}.inner", input, filter, norm, slope);
        var ending = new FusedEpilogue<T> { Shortcut = shortcut, Slope = parameters.Read(spec.OuterSlope) };
        return emitter.Convolve(name, inner, parameters.Filter(spec.Pointwise.Name), parameters.Norm(spec.OuterNorm), ending);
    }

    public T Pool(string name, T input, PoolSpec spec)
    {
        var pooled = emitter.Pool($"{name}.pool", input, spec.Maximum, spec.Stride);
        return spec.Norm is { } norm ? emitter.Normalize(name, pooled, parameters.Norm(norm)) : pooled;
    }

    public T Halve(string name, T input, string row) => emitter.Halve($"{name}.mean", input);

    public T Relu(string name, T input) => emitter.Relu(name, input);

    public T Add(string name, GraphPath<T> left, GraphPath<T> right) => emitter.Add(name, left.Value, right.Value);

    public T AddEnlarged(string name, T fine, T coarse) =>
        throw new InvalidOperationException($"Bug in DcpNas: {name} repeats pixels, which no format does.");

    public T Concat(string name, IReadOnlyList<T> inputs) => emitter.Concat(name, inputs);

    public T Predict(string name, T input, PredictionSpec spec) =>
        emitter.Predict(name, input, parameters.Filter(spec.Filter.Name), parameters.Read(spec.Bias));

    private float[]? Slope(string? name) => name is null ? null : parameters.Read(name);
}
