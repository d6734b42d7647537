using DcpNas.Binarization;
using DcpNas.SearchSpace.Layers;

namespace DcpNas.SearchSpace;

/// <summary>Where an operation is placed.</summary>
/// <param name="Channels">Channels in and out; operations keep the channel count.</param>
/// <param name="Stride">1, or 2 on the edges that leave an input of a reduction cell.</param>
/// <param name="Precision">Real or 1-bit.</param>
public readonly record struct OperationPlace(int Channels, int Stride, Precision Precision);

/// <summary>Makes the candidates of an edge of the supernet.</summary>
internal static class EdgeOperations
{
    /// <summary>The layers of an operation; null for one that contributes nothing and is not computed.</summary>
    public static EdgeOperation? Create(OperationForm form, OperationPlace place) => form switch
    {
        OperationForm.Zero => null,
        OperationForm.Identity => place.Stride == 1 ? new SkipOperation() : new FactorizedReduce(place.Channels, place.Channels, place.Precision),
        OperationForm.Pool pool => new PoolOperation(pool.IsMaximum, place.Stride),
        OperationForm.Separable separable => new SeparableOperation(place.Channels, separable.Kernel, place.Stride, separable.Dilation, separable.Blocks, place.Precision),
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "Unknown form."),
    };
}
