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
    public Dual ConvolveStem(Dual input, Tensor weight, int stride) => Linear(input, x => LayerMath.ConvolveStem(x, weight, stride));

    /// <inheritdoc/>
    public Dual Normalize(Dual input) => Scope(() =>
    {
        var value = Normalization.Batch(input.Value, null, null, training: true);
        if (input.Tangent is null)
        {
            return new(value, null);
        }

        // y = (x - mean) / s, s = sqrt(var + eps): dy = (dx - mean(dx) - y mean(y dx)) / s
        var variance = input.Value.var([0, 2, 3], unbiased: false, keepdim: true);
        var inverse = (variance + Normalization.Epsilon).rsqrt();
        var along = (value * input.Tangent).mean([0, 2, 3], keepdim: true);
        var centred = input.Tangent - input.Tangent.mean([0, 2, 3], keepdim: true);
        return new(value, (centred - (value * along)).mul_(inverse));
    });

    /// <inheritdoc/>
    public Dual NormalizeAffine(Dual input, Tensor weight, Tensor bias) => Scope(() =>
    {
        var normal = Normalize(input);
        var scale = weight.view(1, -1, 1, 1);
        return new((normal.Value * scale) + bias.view(1, -1, 1, 1), normal.Tangent is null ? null : normal.Tangent * scale);
    });

    /// <inheritdoc/>
    public Dual NormalizeSign(Dual input) => Scope(() => Sign(Normalize(input)));

    /// <inheritdoc/>
    public Dual NormalizePRelu(Dual input, Tensor slope) => Scope(() => PRelu(Normalize(input), slope));

    /// <inheritdoc/>
    public Dual NormalizePReluSign(Dual input, Tensor slope) => Scope(() => Sign(PRelu(Normalize(input), slope)));

    /// <inheritdoc/>
    public Dual NormalizeAddPRelu(Dual input, Dual? shortcut, Tensor slope) => Scope(() =>
    {
        var normal = Normalize(input);
        return PRelu(shortcut is null ? normal : Add(normal, shortcut), slope);
    });

    /// <inheritdoc/>
    public Dual MaxPool(Dual input, int stride) => MaxPool(input, 3, stride, 1);

    /// <inheritdoc/>
    public Dual AvgPool(Dual input, int stride) => Linear(input, x => Pooling.Avg3x3(x, stride));

    /// <inheritdoc/>
    public Dual HalveByMax(Dual input) => MaxPool(input, 2, 2, 0);

    /// <inheritdoc/>
    public Dual DropFirstPixel(Dual input) => Linear(input, LayerMath.DropFirstPixel);

    /// <inheritdoc/>
    public Dual WeightedSum(Dual weights, IReadOnlyList<Dual> terms) => Scope(() =>
    {
        var factors = weights.Value.unbind(0);
        var rates = weights.Tangent?.unbind(0);
        var value = terms[0].Value * factors[0];
        Tensor? tangent = null;
        for (var k = 0; k < terms.Count; k++)
        {
            if (k > 0)
            {
                value.add_(terms[k].Value * factors[k]);
            }

            if (rates is not null)
            {
                Accumulate(terms[k].Value * rates[k]);
            }

            if (terms[k].Tangent is { } along)
            {
                Accumulate(along * factors[k]);
            }
        }

        return new(value, tangent);

        void Accumulate(Tensor part) => tangent = tangent is null ? part : tangent.add_(part);
    });

    /// <inheritdoc/>
    public Dual Sum(IReadOnlyList<Dual> terms) => Scope(() => terms.Skip(1).Aggregate(Share(terms[0]), Add));

    /// <inheritdoc/>
    public Dual Concat(IReadOnlyList<Dual> terms) => Scope(() => new(
        cat([.. terms.Select(term => term.Value)], 1),
        terms.All(term => term.Tangent is null) ? null : cat([.. terms.Select(term => term.Tangent ?? zeros_like(term.Value))], 1)));

    /// <inheritdoc/>
    public Dual Channels(Dual input, int first, int count) => Linear(input, x => x.narrow(1, first, count));

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
    public Dual FlattenWithoutFirstColumn(Dual matrix) => Scope(() => Linear(matrix, x => x.narrow(1, 1, x.shape[1] - 1).reshape(-1)));

    /// <inheritdoc/>
    public Dual ScaleRows(Dual matrix, Dual factors) => Scope(() =>
    {
        var column = factors.Value.unsqueeze(1);
        var first = matrix.Tangent is null ? null : matrix.Tangent * column;
        var second = factors.Tangent is null ? null : matrix.Value * factors.Tangent.unsqueeze(1);
        return new(matrix.Value * column, first is null ? second : second is null ? first : first + second);
    });

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

        // 1 where x > 0, else the slope of the channel: the convention of libtorch's backward pass at 0
        var positive = input.Value.gt(0).to(value.dtype);
        var rate = positive + ((1 - positive) * slope.view(1, -1, 1, 1));
        return new(value, rate.mul_(input.Tangent));
    }

    private Dual MaxPool(Dual input, int kernel, int stride, int padding) => Scope(() =>
    {
        if (input.Tangent is null)
        {
            return new(nn.functional.max_pool2d(input.Value, kernel, stride, padding), null);
        }

        var (value, index) = nn.functional.max_pool2d_with_indices(input.Value, [kernel, kernel], [stride, stride], [padding, padding]);
        var along = input.Tangent.flatten(2).gather(2, index.flatten(2)).view(value.shape);
        return new(value, along);
    });
}
