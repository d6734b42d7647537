using DcpNas.SearchSpace.Algebra;

namespace DcpNas.SearchSpace.Layers;

/// <summary>A 3x3 pool followed by batch normalisation.</summary>
/// <param name="maximum">Whether the maximum or the mean is taken.</param>
/// <param name="stride">1 or 2, in pixels.</param>
public sealed class PoolOperation(bool maximum, int stride) : EdgeOperation(nameof(PoolOperation))
{
    /// <inheritdoc/>
    public override bool EndsNormalized => true;

    /// <inheritdoc/>
    public override T Apply<T>(INetworkAlgebra<T> math, CellInput<T> input) =>
        math.Scope(() => math.Normalize(maximum ? math.MaxPool(input.Raw, stride) : math.AvgPool(input.Raw, stride)));
}
