using DcpNas.Binarization;
using DcpNas.Operators;
using static TorchSharp.torch;

namespace DcpNas.SearchSpace.Algebra;

/// <summary>Computes the values of a network; gradients come from autograd.</summary>
public sealed class ValueAlgebra(SignEstimator activations) : INetworkAlgebra<Tensor>
{
    /// <inheritdoc/>
    public Tensor Constant(Tensor value) => value;

    /// <inheritdoc/>
    public Tensor Share(Tensor value) => value.alias();

    /// <inheritdoc/>
    public Tensor Scope(Func<Tensor> body)
    {
        using var scope = NewDisposeScope();
        return body().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Convolve(Tensor input, ConvolutionLayer layer)
    {
        using var scope = NewDisposeScope();
        return LayerMath.Convolve(input, layer.EffectiveWeight(), layer.Shape).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor ConvolveStem(Tensor input, Tensor weight, int stride) => Convolution.Full(input, weight, stride);

    /// <inheritdoc/>
    public Tensor Normalize(Tensor input, bool sign = false) => Normalization.Apply(input, sign: sign ? activations : null);

    /// <inheritdoc/>
    public Tensor NormalizeAffine(Tensor input, Tensor weight, Tensor bias) =>
        Normalization.Apply(input, NormalizationState.OfBatch with { Weight = weight, Bias = bias });

    /// <inheritdoc/>
    public Tensor SeparableCore(Tensor operand, ConvolutionLayer depthwise, Tensor slope, bool sign, ConvolutionLayer pointwise)
    {
        ArgumentNullException.ThrowIfNull(depthwise);
        ArgumentNullException.ThrowIfNull(pointwise);
        using var scope = NewDisposeScope();
        var shape = depthwise.Shape;
        return Operators.SeparableCore.Of(
            operand, depthwise.EffectiveWeight(), shape.Stride, shape.Dilation, slope, sign ? activations : null, pointwise.EffectiveWeight()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor NormalizeAddPRelu(Tensor input, Tensor? shortcut, Tensor slope) => Normalization.Apply(input, shortcut: shortcut, slope: slope);

    /// <inheritdoc/>
    public Tensor MaxPool(Tensor input, int stride) => Pooling.Max3x3(input, stride);

    /// <inheritdoc/>
    public Tensor AvgPool(Tensor input, int stride) => Pooling.Avg3x3(input, stride);

    /// <inheritdoc/>
    public Tensor HalveByMax(Tensor input) => nn.functional.max_pool2d(input, 2, 2);

    /// <inheritdoc/>
    public Tensor DropFirstPixel(Tensor input) => LayerMath.DropFirstPixel(input);

    /// <inheritdoc/>
    public Tensor WeightedSum(Tensor weights, IReadOnlyList<Tensor> terms) => MixedSum.Of(weights, terms);

    /// <inheritdoc/>
    public Tensor Sum(IReadOnlyList<Tensor> terms)
    {
        using var scope = NewDisposeScope();
        return terms.Skip(1).Aggregate(terms[0].alias(), (sum, term) => sum + term).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Concat(IReadOnlyList<Tensor> terms) => cat([.. terms], 1);

    /// <inheritdoc/>
    public Tensor Channels(Tensor input, int first, int count) => LayerMath.Channels(input, first, count);

    /// <inheritdoc/>
    public Tensor ShuffleChannels(Tensor input, int groups) => LayerMath.ShuffleChannels(input, groups);

    /// <inheritdoc/>
    public Tensor GlobalAverage(Tensor input) => input.mean([2, 3]);

    /// <inheritdoc/>
    public Tensor Linear(Tensor input, Tensor weight, Tensor bias) => nn.functional.linear(input, weight, bias);

    /// <inheritdoc/>
    public Tensor Softmax(Tensor input) => input.softmax(-1);

    /// <inheritdoc/>
    public Tensor Rows(Tensor input, int first, int count) => input.narrow(0, first, count);

    /// <inheritdoc/>
    public Tensor FlattenWithoutFirstColumn(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        return matrix.narrow(1, 1, matrix.size(1) - 1).reshape(-1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor ScaleRows(Tensor matrix, Tensor factors)
    {
        using var scope = NewDisposeScope();
        return (matrix * factors.unsqueeze(1)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Entries(Tensor vector, IReadOnlyList<int> indices)
    {
        using var scope = NewDisposeScope();
        return vector.index_select(0, LayerMath.Indices(indices, vector.device)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor StraightThrough(Tensor input, double value)
    {
        using var scope = NewDisposeScope();
        return (input - input.detach() + value).MoveToOuterDisposeScope();
    }
}
