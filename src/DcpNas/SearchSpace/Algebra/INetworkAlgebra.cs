using DcpNas.Binarization;
using static TorchSharp.torch;

namespace DcpNas.SearchSpace.Algebra;

/// <summary>What a network graph may do with its values. The graph is written once; each algebra gives it another meaning.</summary>
/// <remarks>
/// <see cref="ValueAlgebra"/> computes values (and, through autograd, gradients); <see cref="TangentAlgebra"/> computes values together with their
/// directional derivative with respect to the architecture parameters. All images are <c>[N, C, H, W]</c>; batch normalisation uses the statistics
/// of the batch.
/// </remarks>
/// <typeparam name="T">A value of the graph.</typeparam>
public interface INetworkAlgebra<T>
    where T : class
{
    /// <summary>A tensor that does not depend on the architecture parameters.</summary>
    T Constant(Tensor value);

    /// <summary>The same value as a new object with its own lifetime.</summary>
    T Share(T value);

    /// <summary>Runs a part of the graph and frees its intermediate values.</summary>
    T Scope(Func<T> body);

    /// <summary>A convolution of the cells; the input is already ±1 where the layer expects it.</summary>
    T Convolve(T input, ConvolutionLayer layer);

    /// <summary>A real-valued 3x3 convolution of the stem with padding 1.</summary>
    T ConvolveStem(T input, Tensor weight, int stride);

    /// <summary>What a convolution reads: batch normalisation without weight and bias, <c>BN(x)</c>, or <c>sign(BN(x))</c>.</summary>
    T Normalize(T input, bool sign = false);

    /// <summary>Batch normalisation with weight and bias, <c>[C]</c> each.</summary>
    T NormalizeAffine(T input, Tensor weight, Tensor bias);

    /// <summary>
    /// The inside of a separable block: depthwise convolution, BN, PReLU, sign where the pointwise convolution reads ±1, pointwise convolution.
    /// </summary>
    /// <param name="operand">What the depthwise convolution reads.</param>
    /// <param name="depthwise">The depthwise convolution.</param>
    /// <param name="slope">Slope of the PReLU, <c>[C]</c>.</param>
    /// <param name="sign">Whether the pointwise convolution reads ±1.</param>
    /// <param name="pointwise">The pointwise convolution.</param>
    T SeparableCore(T operand, ConvolutionLayer depthwise, Tensor slope, bool sign, ConvolutionLayer pointwise);

    /// <summary><c>PReLU(BN(x) + shortcut)</c>; no shortcut adds nothing.</summary>
    T NormalizeAddPRelu(T input, T? shortcut, Tensor slope);

    /// <summary>3x3 maximum, padding 1.</summary>
    T MaxPool(T input, int stride);

    /// <summary>3x3 mean, padding 1 not counted.</summary>
    T AvgPool(T input, int stride);

    /// <summary>2x2 maximum, stride 2: how channels that by-pass a mixed operation change resolution.</summary>
    T HalveByMax(T input);

    /// <summary>The image without its first row and column: the second path of a factorised reduce.</summary>
    T DropFirstPixel(T input);

    /// <summary><c>sum_k weights[k] terms[k]</c>; weights <c>[K]</c>.</summary>
    T WeightedSum(T weights, IReadOnlyList<T> terms);

    /// <summary>Sum of values of the same shape.</summary>
    T Sum(IReadOnlyList<T> terms);

    /// <summary>Joins along the channels.</summary>
    T Concat(IReadOnlyList<T> terms);

    /// <summary>Channels <paramref name="first"/> to <c>first + count - 1</c>.</summary>
    T Channels(T input, int first, int count);

    /// <summary>Deals the channels out into groups: channel <c>g n + i</c> goes to <c>i groups + g</c>, <c>n = C / groups</c>.</summary>
    T ShuffleChannels(T input, int groups);

    /// <summary>Mean over the image, <c>[N, C]</c>.</summary>
    T GlobalAverage(T input);

    /// <summary><c>x W^T + b</c>.</summary>
    T Linear(T input, Tensor weight, Tensor bias);

    /// <summary>Softmax over the last dimension.</summary>
    T Softmax(T input);

    /// <summary>Part of a matrix or vector: rows <paramref name="first"/> to <c>first + count - 1</c>.</summary>
    T Rows(T input, int first, int count);

    /// <summary>All columns but the first, as one vector in row order.</summary>
    T FlattenWithoutFirstColumn(T matrix);

    /// <summary>Each row of a matrix times its entry of a vector.</summary>
    T ScaleRows(T matrix, T factors);

    /// <summary>Some entries of a vector, in the order of their indices.</summary>
    T Entries(T vector, IReadOnlyList<int> indices);

    /// <summary>The straight-through estimator of a choice: every entry has the given value, and the derivative of the input.</summary>
    /// <remarks>Source: GDAS (arXiv:1910.04465), eq. (7).</remarks>
    T StraightThrough(T input, double value);
}
