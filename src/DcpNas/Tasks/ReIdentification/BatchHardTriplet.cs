using static TorchSharp.torch;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>The triplet loss on the hardest pairs of a batch.</summary>
public static class BatchHardTriplet
{
    private const double SmallestSquare = 1e-12;

    /// <summary>
    /// <c>mean over a of max(0, m + max_p d(a, p) - min_n d(a, n))</c> with Euclidean distances d, p of the same person as a, n of another one;
    /// without a margin <c>log(1 + exp(.))</c> in place of <c>max(0, m + .)</c>.
    /// </summary>
    /// <remarks>
    /// Forward: <c>d(x, y) = sqrt(max(|x|^2 + |y|^2 - 2 x y, 1e-12))</c>; an image is its own positive where it has no other, at the smallest distance.
    /// Backward: through the two chosen distances of each image; none through a distance at its lower bound. Among equal distances libtorch spreads the
    /// gradient evenly. Source: Hermans, Beyer, Leibe, arXiv:1703.07737 (batch hard).
    /// </remarks>
    /// <param name="features"><c>[N, F]</c>.</param>
    /// <param name="labels">Persons, int64 <c>[N]</c>; at least two of them.</param>
    /// <param name="margin">m, above 0; null for the soft margin.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Loss(Tensor features, Tensor labels, double? margin)
    {
        using var scope = NewDisposeScope();
        var distances = Distances(features);
        var same = labels.unsqueeze(0).eq(labels.unsqueeze(1));
        var positive = distances.masked_fill(same.logical_not(), double.NegativeInfinity).amax([1]);
        var negative = distances.masked_fill(same, double.PositiveInfinity).amin([1]);
        var difference = positive - negative;
        return (margin is { } m ? (difference + m).clamp_min(0) : nn.functional.softplus(difference, 1, 20)).mean().MoveToOuterDisposeScope();
    }

    /// <summary>Euclidean distances of all pairs, <c>[N, N]</c>.</summary>
    /// <param name="features"><c>[N, F]</c>.</param>
    public static Tensor Distances(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        var squares = features.pow(2).sum(1);
        var products = features.matmul(features.t());
        return (squares.unsqueeze(0) + squares.unsqueeze(1) - (products * 2)).clamp_min(SmallestSquare).sqrt().MoveToOuterDisposeScope();
    }
}
