using DcpNas.Binarization;
using DcpNas.SearchSpace.Algebra;
using static TorchSharp.torch.nn;

namespace DcpNas.SearchSpace.Layers;

/// <summary>One candidate operation on one edge.</summary>
public abstract class EdgeOperation : Module
{
    private protected EdgeOperation(string name)
        : base(name)
    {
    }

    /// <summary>The convolutions that the operation holds, in the order in which they run.</summary>
    public virtual IReadOnlyList<ConvolutionLayer> Convolutions => [];

    /// <summary>Whether the result is normalised over the batch already, as that of pools and factorised reductions is.</summary>
    public virtual bool EndsNormalized => false;

    /// <summary>Applies the operation; the result is a new value, never the input itself.</summary>
    public abstract T Apply<T>(INetworkAlgebra<T> math, CellInput<T> input)
        where T : class;
}
