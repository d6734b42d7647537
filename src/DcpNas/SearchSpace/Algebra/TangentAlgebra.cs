using DcpNas.Binarization;
using DcpNas.Operators;
using static TorchSharp.torch;

namespace DcpNas.SearchSpace.Algebra;

/// <summary>Forward-mode differentiation: carries each value together with its derivative along one direction of the architecture parameters.</summary>
/// <remarks>
/// Gives <c>J v</c> of the logits in one pass and without a graph to keep: about the cost of two forward passes, where the double-backward
/// way costs a backward pass through a recorded backward pass. The sign has the derivative of its estimator, as in the backward pass, so
/// <c>J</c> here is exactly the transpose of what autograd applies. Run it under <c>no_grad</c>.
/// </remarks>
public sealed class TangentAlgebra(SignEstimator activations) : INetworkAlgebra<Dual>
{
    /// <inheritdoc/>
    public Dual Constant(Tensor value) => new(value, null);

    /// <inheritdoc/>
    public Dual Share(Dual value) => new(value.Value.alias(), value.Tangent?.alias());

    /// <inheritdoc/>
    public Dual Scope(Func<Dual> body)
    {
        using var scope = NewDisposeScope();
        var result = body();
        return new(result.Value.MoveToOuterDisposeScope(), result.Tangent?.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public Dual Convolve(Dual input, ConvolutionLayer layer) => Scope(() =>
    {
        var weight = layer.EffectiveWeight();
        return Linear(input, x => LayerMath.Convolve(x, weight, layer.Shape));
    });

    /// <inheritdoc/>
    public Dual ConvolveStem(Dual input, Tensor weight, int stride) => Linear(input, x => Convolution.Full(x, weight, stride));

    /// <inheritdoc/>
    public Dual Normalize(Dual input, bool sign = false) => Scope(() =>
    {
        var normal = new Dual(Normalization.Apply(input.Value), input.Tangent is null ? null : Normalization.BatchTangent(input.Value, input.Tangent));
        return sign ? Sign(normal) : normal;
    });

    /// <inheritdoc/>
    public Dual NormalizeAffine(Dual input, Tensor weight, Tensor bias) => Scope(() =>
    {
        var normal = Normalize(input);
        var scale = weight.view(1, -1, 1, 1);
        return new((normal.Value * scale) + bias.view(1, -1, 1, 1), normal.Tangent is null ? null : normal.Tangent * scale);
    });

    /// <inheritdoc/>
    public Dual SeparableCore(Dual operand, ConvolutionLayer depthwise, Tensor slope, bool sign, ConvolutionLayer pointwise) => Scope(() =>
    {
        var inner = PRelu(Normalize(Convolve(operand, depthwise)), slope);
        return Convolve(sign ? Sign(inner) : inner, pointwise);
    });

    /// <inheritdoc/>
    public Dual NormalizeAddPRelu(Dual input, Dual? shortcut, Tensor slope) => Scope(() =>
    {
        var normal = Normalize(input);
        return PRelu(shortcut is null ? normal : Add(normal, shortcut), slope);
    });

    /// <inheritdoc/>
    public Dual MaxPool(Dual input, int stride) =>
        new(Pooling.Max3x3(input.Value, stride), input.Tangent is null ? null : Pooling.Max3x3Tangent(input.Value, input.Tangent, stride));

    /// <inheritdoc/>
    public Dual AvgPool(Dual input, int stride) => Linear(input, x => Pooling.Avg3x3(x, stride));

    /// <inheritdoc/>
    public Dual HalveByMax(Dual input) => Scope(() =>
    {
        if (input.Tangent is null)
        {
            return new(nn.functional.max_pool2d(input.Value, 2, 2), null);
        }

        var (value, index) = nn.functional.max_pool2d_with_indices(input.Value, [2, 2], [2, 2]);
        return new(value, input.Tangent.flatten(2).gather(2, index.flatten(2)).view(value.shape));
    });

    /// <inheritdoc/>
    public Dual DropFirstPixel(Dual input) => Linear(input, LayerMath.DropFirstPixel);

    /// <inheritdoc/>
    public Dual WeightedSum(Dual weights, IReadOnlyList<Dual> terms) => Scope(() =>
    {
        // d sum_k w_k t_k = sum_k dw_k t_k + w_k dt_k: one weighted sum over both kinds of terms
        var (factors, parts) = (new List<Tensor>(), new List<Tensor>());
        if (weights.Tangent is not null)
        {
            factors.Add(weights.Tangent);
            parts.AddRange(terms.Select(term => term.Value));
        }

        var moving = Enumerable.Range(0, terms.Count).Where(k => terms[k].Tangent is not null).ToArray();
        if (moving.Length > 0)
        {
            factors.Add(moving.Length == terms.Count ? weights.Value : weights.Value.index_select(0, LayerMath.Indices(moving, weights.Value.device)));
            parts.AddRange(moving.Select(k => terms[k].Tangent!));
        }

        return new(MixedSum.Of(weights.Value, [.. terms.Select(term => term.Value)]), parts.Count == 0 ? null : MixedSum.Of(cat(factors), parts));
    });

    /// <inheritdoc/>
    public Dual Sum(IReadOnlyList<Dual> terms) => Scope(() => terms.Skip(1).Aggregate(Share(terms[0]), Add));

    /// <inheritdoc/>
    public Dual Concat(IReadOnlyList<Dual> terms) => Scope(() => new(
        cat([.. terms.Select(term => term.Value)], 1),
        terms.All(term => term.Tangent is null) ? null : cat([.. terms.Select(term => term.Tangent ?? zeros_like(term.Value))], 1)));

    /// <inheritdoc/>
    public Dual Channels(Dual input, int first, int count) => Linear(input, x => LayerMath.Channels(x, first, count));

    /// <inheritdoc/>
    public Dual ShuffleChannels(Dual input, int groups) => Linear(input, x => LayerMath.ShuffleChannels(x, groups));

    /// <inheritdoc/>
    public Dual GlobalAverage(Dual input) => Linear(input, x => x.mean([2, 3]));

    /// <inheritdoc/>
    public Dual Linear(Dual input, Tensor weight, Tensor bias) =>
        new(nn.functional.linear(input.Value, weight, bias), input.Tangent is null ? null : nn.functional.linear(input.Tangent, weight, null!));

    /// <inheritdoc/>
    public Dual Softmax(Dual input) => Scope(() =>
    {
        var value = input.Value.softmax(-1);
        return new(value, input.Tangent is null ? null : value * (input.Tangent - (value * input.Tangent).sum(-1, keepdim: true)));
    });

    /// <inheritdoc/>
    public Dual Rows(Dual input, int first, int count) => Linear(input, x => x.narrow(0, first, count));

    /// <inheritdoc/>
    public Dual FlattenWithoutFirstColumn(Dual matrix) => Scope(() => Linear(matrix, x => x.narrow(1, 1, x.size(1) - 1).reshape(-1)));

    /// <inheritdoc/>
    public Dual ScaleRows(Dual matrix, Dual factors) => Scope(() =>
    {
        var column = factors.Value.unsqueeze(1);
        var first = matrix.Tangent is null ? null : matrix.Tangent * column;
        var second = factors.Tangent is null ? null : matrix.Value * factors.Tangent.unsqueeze(1);
        return new(matrix.Value * column, first is null ? second : second is null ? first : first + second);
    });

    /// <inheritdoc/>
    public Dual Entries(Dual vector, IReadOnlyList<int> indices) => Scope(() =>
    {
        var index = LayerMath.Indices(indices, vector.Value.device);
        return Linear(vector, x => x.index_select(0, index));
    });

    /// <inheritdoc/>
    public Dual StraightThrough(Dual input, double value) => new(full_like(input.Value, value), input.Tangent?.alias());

    private static Dual Linear(Dual input, Func<Tensor, Tensor> map) => new(map(input.Value), input.Tangent is null ? null : map(input.Tangent));

    private static Dual Add(Dual a, Dual b) =>
        new(a.Value + b.Value, a.Tangent is null ? b.Tangent?.alias() : b.Tangent is null ? a.Tangent.alias() : a.Tangent + b.Tangent);

    private Dual Sign(Dual input) => Scope(() => new(
        Binarization.Sign.Hard(input.Value),
        input.Tangent is null ? null : Binarization.Sign.Derivative(input.Value, activations).mul_(input.Tangent)));

    private static Dual PRelu(Dual input, Tensor slope)
    {
        var value = Activation.PRelu(input.Value, slope);
        if (input.Tangent is null)
        {
            return new(value, null);
        }

        return new(value, Activation.PReluTangent(input.Value, input.Tangent, slope));
    }
}

/// <summary>A value and its directional derivative.</summary>
/// <param name="Value">The value.</param>
/// <param name="Tangent">The derivative, of the same shape; null where it is zero because nothing before depends on the architecture.</param>
public sealed record Dual(Tensor Value, Tensor? Tangent);
