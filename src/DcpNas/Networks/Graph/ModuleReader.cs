using DcpNas.Binarization;
using DcpNas.Networks.Layers;
using DcpNas.Operators;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Networks.Graph;

/// <summary>A value of a network that is trained.</summary>
/// <param name="Number">Its place among the values of the program.</param>
/// <param name="Channels">Its channels.</param>
/// <param name="Stride">Pixels of the first input per pixel of its own; sizes that do not divide are rounded up.</param>
internal sealed record ModuleValue(int Number, int Channels, int Stride)
{
    /// <summary>What detectors know of it.</summary>
    public FeatureStage Stage => new(Channels, Stride);
}

/// <summary>Makes the trainable layers of a graph, and the program that computes its values with them.</summary>
internal sealed class ModuleReader : INetworkReader<ModuleValue>
{
    private readonly ModuleTree _tree = new();
    private readonly List<ModuleValue> _inputs = [];
    private readonly List<(int Output, Func<Tensor[], double, Tensor> Compute, int[] Inputs)> _steps = [];
    private readonly List<Declared<ConvolutionLayer>> _convolutions = [];

    /// <summary>The convolutions that are as 1-bit as the network, in the order in which they run. Made by <see cref="Build"/>.</summary>
    public IReadOnlyList<ConvolutionLayer> Convolutions => [.. _convolutions.Select(layer => layer.Value)];

    /// <summary>A further input of the program; inputs come before all layers.</summary>
    public ModuleValue Input(int channels, int stride = 1)
    {
        if (_steps.Count > 0)
        {
            throw new InvalidOperationException("Bug in DcpNas: an input is declared behind a layer.");
        }

        _inputs.Add(new(_inputs.Count, channels, stride));
        return _inputs[^1];
    }

    /// <summary>Makes the layers with fresh weights from the global generator of torch, names them below a module, and gives the program.</summary>
    /// <param name="owner">Gets the layers as children; their names are those of checkpoints.</param>
    /// <param name="outputs">What the program gives back.</param>
    /// <param name="groups">The order of the owner's children, which is also that of their first weights; none: that in which they run.</param>
    public NetworkProgram Build(Module owner, IEnumerable<ModuleValue> outputs, params IReadOnlyList<string> groups)
    {
        _tree.Create(owner, groups);
        int[] kept = [.. outputs.Select(output => output.Number)];
        var count = _inputs.Count + _steps.Count;
        var last = new int[count];
        for (var step = 0; step < _steps.Count; step++)
        {
            foreach (var value in (int[])[_steps[step].Output, .. _steps[step].Inputs])
            {
                last[value] = step;
            }
        }

        var done = Enumerable.Range(_inputs.Count, _steps.Count).Except(kept).ToLookup(value => last[value]);
        return new(count, [.. _steps.Select((step, index) => new ProgramStep(step.Output, step.Compute, [.. done[index]]))], kept);
    }

    public ModuleValue Operand(string name, ModuleValue input, OperandSpec spec)
    {
        var (x, sign) = (input.Number, spec.Sign);
        if (spec.Norm is { } path)
        {
            var norm = Norm(path, input.Channels);
            return Step(input.Channels, input.Stride, (values, _) => norm.Value.Apply(values[x], sign: sign), input);
        }

        if (spec.Shift is null)
        {
            return Step(input.Channels, input.Stride, (values, _) => sign is { } surrogate ? Sign.Of(values[x], surrogate) : values[x].clamp(-1, 1), input);
        }

        var shift = Zeros(spec.Shift, input.Channels);
        return Step(input.Channels, input.Stride, Shifted, input);

        Tensor Shifted(Tensor[] values, double dropPath)
        {
            var shifted = values[x] + shift.Value.view(1, -1, 1, 1);
            return sign is { } surrogate ? Sign.Of(shifted, surrogate) : shifted;
        }
    }

    public ModuleValue Convolve(string name, ModuleValue input, ConvolutionSpec<ModuleValue> spec)
    {
        var (x, channels) = (input.Number, spec.Filter.Shape.OutChannels);
        var (layer, norm) = (Convolution(spec.Filter), Norm(spec.Norm, channels));
        var before = spec.Shifts is { } shifts ? Zeros(shifts.Before, channels) : null;
        var slope = spec.Slope is { } path ? Slope(path, channels) : null;
        var after = spec.Shifts is null ? null : Zeros(spec.Shifts.Value.After, channels);
        var shortcut = spec.Shortcut?.Invoke();
        var (y, relu) = (shortcut?.Number ?? 0, spec.Relu);
        Func<Tensor[], double, Tensor> compute = (shortcut, slope, before) switch
        {
            (null, null, null) when relu => (values, _) => functional.relu(norm.Value.Apply(layer.Value.Apply(values[x]))),
            (null, null, null) => (values, _) => norm.Value.Apply(layer.Value.Apply(values[x])),
            ({ }, null, null) => (values, _) => norm.Value.Apply(layer.Value.Apply(values[x]), values[y]),
            (null, { }, null) => (values, _) => norm.Value.Apply(layer.Value.Apply(values[x]), slope: slope.Value),
            ({ }, { }, { }) => (values, _) =>
                norm.Value.AddShiftedPRelu(layer.Value.Apply(values[x]), values[y], before.Value, slope.Value) + after!.Value.view(1, -1, 1, 1),
            _ => throw new InvalidOperationException($"Bug in DcpNas: {name} ends in a way that is not computed."),
        };
        Runs(spec.Filter, layer);
        return Step(channels, input.Stride * spec.Filter.Shape.Stride, compute, shortcut is null ? [input] : [input, shortcut]);
    }

    public ModuleValue Reduce(string name, ModuleValue input, ReductionSpec spec)
    {
        var (x, channels) = (input.Number, spec.Even.Shape.OutChannels + spec.Odd.Shape.OutChannels);
        var (even, odd, norm) = (Convolution(spec.Even), Convolution(spec.Odd), Norm(spec.Norm, channels));
        var slope = spec.Slope is { } path ? Slope(path, channels) : null;
        Runs(spec.Even, even);
        Runs(spec.Odd, odd);
        return Step(channels, 2 * input.Stride, Reduced, input);

        Tensor Reduced(Tensor[] values, double dropPath)
        {
            var sums = FactorisedReduce.Of(values[x], even.Value.Apply, odd.Value.Apply);
            return norm.Value.Apply(sums, slope: slope?.Value);
        }
    }

    public ModuleValue Separable(string name, ModuleValue input, SeparableSpec spec, ModuleValue? shortcut)
    {
        var (x, y, shape, sign) = (input.Number, shortcut?.Number, spec.Depthwise.Shape, spec.Sign);
        var (inner, outer) = (shape.OutChannels, spec.Pointwise.Shape.OutChannels);
        var (depthwise, innerNorm, innerSlope) = (Convolution(spec.Depthwise), Norm(spec.InnerNorm, inner), Slope(spec.InnerSlope, inner));
        var (pointwise, outerNorm, outerSlope) = (Convolution(spec.Pointwise), Norm(spec.OuterNorm, outer), Slope(spec.OuterSlope, outer));
        Runs(spec.Depthwise, depthwise);
        Runs(spec.Pointwise, pointwise);
        return Step(outer, input.Stride * shape.Stride, Block, shortcut is null ? [input] : [input, shortcut]);

        Tensor Block(Tensor[] values, double dropPath)
        {
            var (first, second) = (depthwise.Value.EffectiveWeight(), pointwise.Value.EffectiveWeight());
            var sums = SeparableCore.Of(values[x], first, shape.Stride, shape.Dilation, innerSlope.Value, sign, second, innerNorm.Value.State);
            return outerNorm.Value.Apply(sums, y is { } added ? values[added] : null, outerSlope.Value);
        }
    }

    public ModuleValue Pool(string name, ModuleValue input, PoolSpec spec)
    {
        var (x, maximum, stride) = (input.Number, spec.Maximum, spec.Stride);
        var norm = spec.Norm is { } path ? Norm(path, input.Channels) : null;
        return Step(input.Channels, input.Stride * stride, Pooled, input);

        Tensor Pooled(Tensor[] values, double dropPath)
        {
            var pooled = maximum ? Pooling.Max3x3(values[x], stride) : Pooling.Avg3x3(values[x], stride);
            return norm is null ? pooled : norm.Value.Apply(pooled);
        }
    }

    public ModuleValue Halve(string name, ModuleValue input, string row) =>
        Step(input.Channels, 2 * input.Stride, (values, _) => Pooling.Halve(values[input.Number]), input);

    public ModuleValue Relu(string name, ModuleValue input) =>
        Step(input.Channels, input.Stride, (values, _) => functional.relu(values[input.Number]), input);

    public ModuleValue Add(string name, GraphPath<ModuleValue> left, GraphPath<ModuleValue> right)
    {
        return Step(left.Value.Channels, left.Value.Stride, Sum, left.Value, right.Value);

        Tensor Sum(Tensor[] values, double dropPath) => Term(values, left, dropPath) + Term(values, right, dropPath);

        static Tensor Term(Tensor[] values, GraphPath<ModuleValue> path, double dropPath) =>
            DropPath.Of(values[path.Value.Number], path.CanDrop ? dropPath : 0);
    }

    public ModuleValue AddEnlarged(string name, ModuleValue fine, ModuleValue coarse)
    {
        return Step(fine.Channels, fine.Stride, (values, _) => values[fine.Number] + Enlarged(values[coarse.Number], values[fine.Number]), fine, coarse);

        static Tensor Enlarged(Tensor map, Tensor like) => functional.interpolate(map, like.shape[2..], mode: InterpolationMode.Nearest);
    }

    public ModuleValue Concat(string name, IReadOnlyList<ModuleValue> inputs)
    {
        int[] numbers = [.. inputs.Select(input => input.Number)];
        return Step(inputs.Sum(input => input.Channels), inputs[0].Stride, (values, _) => cat([.. numbers.Select(number => values[number])], 1), [.. inputs]);
    }

    public ModuleValue Predict(string name, ModuleValue input, PredictionSpec spec)
    {
        var (layer, bias) = (Convolution(spec.Filter), Zeros(spec.Bias, spec.Filter.Shape.OutChannels));
        return Step(spec.Filter.Shape.OutChannels, input.Stride, (values, _) => layer.Value.Apply(values[input.Number]) + bias.Value.view(1, -1, 1, 1), input);
    }

    private ModuleValue Step(int channels, int stride, Func<Tensor[], double, Tensor> compute, params ReadOnlySpan<ModuleValue> inputs)
    {
        var value = new ModuleValue(_inputs.Count + _steps.Count, channels, stride);
        var read = new int[inputs.Length];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = inputs[i].Number;
        }

        _steps.Add((value.Number, compute, read));
        return value;
    }

    private void Runs(FilterSpec filter, Declared<ConvolutionLayer> layer)
    {
        if (filter.Precision is not null)
        {
            _convolutions.Add(layer);
        }
    }

    private Declared<ConvolutionLayer> Convolution(FilterSpec filter) =>
        _tree.Module(filter.Name, () => ConvolutionLayer.Create(filter.Shape, filter.Precision ?? Precision.Real));

    private Declared<BatchNormalization> Norm(string name, int channels) => _tree.Module(name, () => new BatchNormalization(channels));

    private Declared<Parameter> Zeros(string name, int channels) => _tree.Parameter(name, () => new Parameter(zeros(channels)));

    private Declared<Parameter> Slope(string name, int channels) =>
        _tree.Parameter(name, () => new Parameter(full(channels, 0.25, dtype: get_default_dtype())));
}
