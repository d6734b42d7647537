using DcpNas.Binarization;
using DcpNas.Networks;
using DcpNas.Networks.Graph;
using DcpNas.Operators;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.ReIdentification;
using static TorchSharp.torch;

namespace DcpNas.Export;

/// <summary>Computes the graph of a trained network in float64 on the CPU, in evaluation mode, from its float32 parameters.</summary>
/// <remarks>
/// Reads the graph that the trained network and the lowering read, but shares no code with them: a layer that one of them takes wrongly is a difference.
/// Not differentiable.
/// </remarks>
internal sealed class ReferenceNetwork : INetworkReader<Tensor>, IDisposable
{
    private readonly Backbone _backbone;
    private readonly TaskHead _head;
    private readonly LayerReplay? _replay;
    private readonly Dictionary<string, Tensor> _state = [];
    private readonly Dictionary<string, ConvolutionLayer> _convolutions = [];

    /// <param name="backbone">The trained network.</param>
    /// <param name="head">Its head.</param>
    /// <param name="replay">Compares signs and sums with those of a packed model, and says which signs to go on with; null for none.</param>
    public ReferenceNetwork(Backbone backbone, TaskHead head, LayerReplay? replay)
    {
        (_backbone, _head, _replay) = (backbone, head, replay);
        using var _ = no_grad();
        foreach (var (module, prefix) in (ReadOnlySpan<(nn.Module, string)>)[(backbone, ""), (head, SsdHead.Prefix)])
        {
            foreach (var (name, value) in ModuleState.Of(module))
            {
                _state[prefix + name] = Double(value).DetachFromDisposeScope();
            }

            foreach (var (name, child) in module.named_modules())
            {
                if (child is ConvolutionLayer layer)
                {
                    _convolutions[prefix + name] = layer;
                }
            }
        }
    }

    /// <summary>The logits, <c>[N, classes]</c>; embeddings, <c>[N, features]</c>; or scores and codes as <see cref="SsdHead"/> gives them. float64.</summary>
    /// <param name="images"><c>[N, C, H, W]</c>.</param>
    public IReadOnlyList<Tensor> Run(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var stages = _backbone.Graph.Read(this, Double(images)).Stages;
        return [.. Head(stages).Select(output => output.MoveToOuterDisposeScope())];
    }

    public void Dispose()
    {
        foreach (var value in _state.Values)
        {
            value.Dispose();
        }
    }

    public Tensor Operand(string name, Tensor input, OperandSpec spec) => Scoped(() =>
    {
        var value = spec.Norm is { } norm ? Norm(norm, input) : spec.Shift is { } shift ? input + PerChannel(shift) : input;
        return spec.Sign is not null ? Signs(value) : spec is { Norm: null, Shift: null } ? value.clamp(-1, 1) : value.alias();
    });

    public Tensor Convolve(string name, Tensor input, ConvolutionSpec<Tensor> spec)
    {
        var shortcut = spec.Shortcut?.Invoke();
        return Scoped(() =>
        {
            var value = Norm(spec.Norm, Sums(spec.Filter, input), spec.Shifts?.Before);
            value = shortcut is null ? value : value + shortcut;
            value = spec.Slope is { } slope ? Activation.PRelu(value, _state[slope]) : value;
            value = spec.Shifts is { } shifts ? value + PerChannel(shifts.After) : value;
            return spec.Relu ? value.relu() : value;
        });
    }

    public Tensor Reduce(string name, Tensor input, ReductionSpec spec) => Scoped(() =>
    {
        var value = Norm(spec.Norm, FactorisedReduce.Of(input, operand => Sums(spec.Even, operand), operand => Sums(spec.Odd, operand)));
        return spec.Slope is { } slope ? Activation.PRelu(value, _state[slope]) : value;
    });

    public Tensor Separable(string name, Tensor input, SeparableSpec spec, Tensor? shortcut) => Scoped(() =>
    {
        var inner = Activation.PRelu(Norm(spec.InnerNorm, Sums(spec.Depthwise, input)), _state[spec.InnerSlope]);
        var value = Norm(spec.OuterNorm, Sums(spec.Pointwise, spec.Sign is null ? inner : Signs(inner)));
        return Activation.PRelu(shortcut is null ? value : value + shortcut, _state[spec.OuterSlope]);
    });

    public Tensor Pool(string name, Tensor input, PoolSpec spec) => Scoped(() =>
    {
        var pooled = spec.Maximum ? Pooling.Max3x3(input, spec.Stride) : Pooling.Avg3x3(input, spec.Stride);
        return spec.Norm is { } norm ? Norm(norm, pooled) : pooled;
    });

    public Tensor Halve(string name, Tensor input, string row) => Pooling.Halve(input);

    public Tensor Relu(string name, Tensor input) => input.relu();

    public Tensor Add(string name, GraphPath<Tensor> left, GraphPath<Tensor> right) => left.Value + right.Value;

    public Tensor AddEnlarged(string name, Tensor fine, Tensor coarse) =>
        throw new InvalidOperationException($"Bug in DcpNas: {name} repeats pixels, which no packed model does.");

    public Tensor Concat(string name, IReadOnlyList<Tensor> inputs) => cat([.. inputs], 1);

    public Tensor Predict(string name, Tensor input, PredictionSpec spec) => Scoped(() => Sums(spec.Filter, input) + PerChannel(spec.Bias));

    /// <summary>A convolution with padding that keeps the size at stride 1.</summary>
    internal static Tensor Convolve(ConvolutionShape shape, Tensor input, Tensor weight)
    {
        var padding = shape.Dilation * (shape.Kernel - 1) / 2;
        return nn.functional.conv2d(
            input,
            weight,
            strides: [shape.Stride, shape.Stride],
            padding: [padding, padding],
            dilation: [shape.Dilation, shape.Dilation],
            groups: shape.Depthwise ? shape.InChannels : 1);
    }

    private IEnumerable<Tensor> Head(IReadOnlyList<Tensor> stages)
    {
        switch (_head)
        {
            case LinearHead linear:
                return [nn.functional.linear(stages[^1].mean([2, 3]), Double(linear.Weight), Double(linear.Bias))];
            case EmbeddingHead neck:
                var deviation = (Double(neck.RunningVariance) + EmbeddingHead.Epsilon).sqrt();
                return [(stages[^1].mean([2, 3]) - Double(neck.RunningMean)) / deviation * Double(neck.Weight)];
            case SsdHead detector:
                var (scores, codes) = detector.Graph(_backbone).Read(this, stages);
                return [Rows(scores, detector.ScoresPerAnchor), Rows(codes, 4)];
            default:
                throw new InvalidOperationException($"Bug in DcpNas: no reference of the head {_head.GetName()}.");
        }

        static Tensor Rows(IReadOnlyList<Tensor> maps, int width) => cat([.. maps.Select(map => HeadLayers.Rows(map, width))], 1);
    }

    private Tensor Signs(Tensor value) => _replay is null ? Sign.Hard(value) : _replay.Signs(value);

    /// <summary>A convolution; the weights of a 1-bit one are exactly ±1, and the scale comes behind the sums.</summary>
    private Tensor Sums(FilterSpec filter, Tensor input) => Scoped(() => _convolutions[filter.Name] switch
    {
        BinaryConvolution layer when _replay is not null => _replay.Sums(layer, input),
        BinaryConvolution layer => Convolve(layer.Shape, input, Sign.Hard(_state[$"{filter.Name}.weight"])) * Double(layer.Beta()).view(1, -1, 1, 1),
        var layer => Convolve(layer.Shape, input, _state[$"{filter.Name}.weight"]),
    });

    /// <summary>Batch normalisation with running statistics, a shift added to its bias.</summary>
    private Tensor Norm(string name, Tensor input, string? shift = null) => Scoped(() =>
    {
        var (mean, variance, bias) = (_state[$"{name}.running_mean"], _state[$"{name}.running_var"], _state[$"{name}.bias"]);
        bias = shift is null ? bias : bias + _state[shift];
        return Normalization.Apply(input, new(_state[$"{name}.weight"], bias, mean, variance, Training: false));
    });

    private Tensor PerChannel(string name) => _state[name].view(1, -1, 1, 1);

    private static Tensor Double(Tensor value) => value.detach().to(ScalarType.Float64).cpu();

    private static Tensor Scoped(Func<Tensor> compute)
    {
        using var scope = NewDisposeScope();
        return compute().MoveToOuterDisposeScope();
    }
}
