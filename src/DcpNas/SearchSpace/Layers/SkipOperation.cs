using DcpNas.SearchSpace.Algebra;

namespace DcpNas.SearchSpace.Layers;

/// <summary>The identity of an edge of stride 1.</summary>
public sealed class SkipOperation() : EdgeOperation(nameof(SkipOperation))
{
    /// <inheritdoc/>
    public override T Apply<T>(INetworkAlgebra<T> math, CellInput<T> input) => math.Share(input.Raw);
}
