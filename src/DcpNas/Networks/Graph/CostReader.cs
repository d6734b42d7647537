using DcpNas.Cost;

namespace DcpNas.Networks.Graph;

/// <summary>A value of a network that is counted.</summary>
/// <param name="Map">Its size.</param>
internal sealed record CostValue(FeatureMap Map)
{
    /// <summary>Whether it is ±1.</summary>
    public bool IsSigns { get; init; }

    /// <summary>What has been done to it and is counted with the convolution that reads it: a ReLU or a clip, a shift, a batch normalisation.</summary>
    public (bool Relu, bool Shift, bool Norm) Before { get; init; }
}

/// <summary>Counts a network layer by layer. Conventions: <see cref="CostAmount"/>.</summary>
internal sealed class CostReader : INetworkReader<CostValue>
{
    private readonly List<CostLayer> _rows = [];

    /// <summary>The rows so far.</summary>
    public IReadOnlyList<CostLayer> Rows => _rows;

    /// <summary>The rows of a network with a linear classifier on its features.</summary>
    public static IReadOnlyList<CostLayer> Layers(INetworkGraph graph, FeatureMap image, int classes)
    {
        var reader = new CostReader();
        var map = graph.Read(reader, new CostValue(image)).Stages[^1].Map;
        return [.. reader.Rows, CostLayer.Head("head", map, classes)];
    }

    public CostValue Operand(string name, CostValue input, OperandSpec spec) => new(input.Map)
    {
        IsSigns = spec.Sign is not null,
        Before = (spec is { Sign: null, Norm: null, Shift: null }, spec.Shift is not null, spec.Norm is not null),
    };

    public CostValue Convolve(string name, CostValue input, ConvolutionSpec<CostValue> spec)
    {
        var output = Count(spec.Row, UnitOf(input, spec.Filter) with
        {
            Shortcut = spec.Shortcut is not null,
            PReluAfter = spec.Slope is not null,
            ShiftsAroundPRelu = spec.Shifts is not null,
        });
        spec.Shortcut?.Invoke();
        return spec.Relu ? Relu(name, output) : output;
    }

    public CostValue Reduce(string name, CostValue input, ReductionSpec spec) => Count(spec.Row, UnitOf(input, spec.Even) with
    {
        OutputChannels = spec.Even.Shape.OutChannels + spec.Odd.Shape.OutChannels,
        IsFactorised = true,
        PReluAfter = spec.Slope is not null,
    });

    public CostValue Separable(string name, CostValue input, SeparableSpec spec, CostValue? shortcut)
    {
        var inner = Count(new(spec.Depthwise.Name, CostGroup.Depthwise), UnitOf(input, spec.Depthwise) with { PReluAfter = true });
        return Count(
            new(spec.Pointwise.Name, CostGroup.Pointwise),
            UnitOf(inner with { IsSigns = spec.Sign is not null }, spec.Pointwise) with { Shortcut = shortcut is not null, PReluAfter = true });
    }

    public CostValue Pool(string name, CostValue input, PoolSpec spec) =>
        Add(spec.Norm is null ? CostLayer.PlainPool(spec.Row, input.Map, 3, spec.Stride) : CostLayer.Pool(spec.Row, input.Map, spec.Stride));

    public CostValue Halve(string name, CostValue input, string row) => Add(CostLayer.PlainPool(row, input.Map, 2, 2));

    public CostValue Relu(string name, CostValue input) => input with { Before = input.Before with { Relu = true } };

    public CostValue Add(string name, GraphPath<CostValue> left, GraphPath<CostValue> right) => Add(CostLayer.NodeSum($"{name}.sum", left.Value.Map));

    public CostValue AddEnlarged(string name, CostValue fine, CostValue coarse) => Add(CostLayer.NodeSum(name, fine.Map));

    public CostValue Concat(string name, IReadOnlyList<CostValue> inputs) => new(inputs[0].Map with { Channels = inputs.Sum(input => input.Map.Channels) });

    public CostValue Predict(string name, CostValue input, PredictionSpec spec)
    {
        var shape = spec.Filter.Shape;
        var output = input.Map with { Channels = shape.OutChannels };
        return Add(new CostLayer(name, CostGroup.Head, $"conv {shape.Kernel}x{shape.Kernel}", output, new CostAmount
        {
            RealMacs = (long)shape.InChannels * shape.Kernel * shape.Kernel * output.Elements,
            ElementwiseFlops = output.Elements,
            RealParameters = ((long)shape.InChannels * shape.Kernel * shape.Kernel * shape.OutChannels) + shape.OutChannels,
        }));
    }

    private static ConvolutionUnit UnitOf(CostValue input, FilterSpec filter) => new()
    {
        Input = input.Map,
        OutputChannels = filter.Shape.OutChannels,
        Kernel = filter.Shape.Kernel,
        Stride = filter.Shape.Stride,
        Dilation = filter.Shape.Dilation,
        IsDepthwise = filter.Shape.Depthwise,
        BinaryWeights = filter.IsBinary,
        BinaryActivations = input.IsSigns,
        ReluBefore = input.Before.Relu,
        ShiftBefore = input.Before.Shift,
        NormBefore = input.Before.Norm,
    };

    private CostValue Count(CostRow row, ConvolutionUnit unit) => Add(unit.Count(row.Name, row.Group));

    private CostValue Add(CostLayer layer)
    {
        _rows.Add(layer);
        return new(layer.Output);
    }
}
