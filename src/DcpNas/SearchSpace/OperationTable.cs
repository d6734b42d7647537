using DcpNas.Binarization;
using DcpNas.SearchSpace.Layers;

namespace DcpNas.SearchSpace;

/// <summary>Where an operation is placed.</summary>
/// <param name="Channels">Channels in and out; operations keep the channel count.</param>
/// <param name="Stride">1, or 2 on the edges that leave an input of a reduction cell.</param>
/// <param name="Precision">Real or 1-bit.</param>
public readonly record struct OperationPlace(int Channels, int Stride, Precision Precision);

/// <summary>One candidate of the search space.</summary>
/// <param name="Name">Stable identifier, written to genotypes; see <see cref="OperationNames"/>.</param>
/// <param name="Build">Creates the operation for one edge; null for <c>none</c>, which contributes nothing and is not computed.</param>
public sealed record Operation(string Name, Func<OperationPlace, EdgeOperation>? Build);

/// <summary>The search space, one row per candidate, in the order of the columns of alpha: DCP-NAS, after DARTS (arXiv:1806.09055).</summary>
public static class OperationTable
{
    /// <summary>All candidates. Rows are only ever appended.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        //  name                     module
        new(OperationNames.None,     null),
        new(OperationNames.Skip,     place => place.Stride == 1 ? new SkipOperation() : new FactorizedReduce(place.Channels, place.Channels, place.Precision)),
        new(OperationNames.MaxPool,  place => new PoolOperation(maximum: true, place.Stride)),
        new(OperationNames.AvgPool,  place => new PoolOperation(maximum: false, place.Stride)),
        new(OperationNames.SepConv3, place => SeparableOperation.Separable(place.Channels, 3, place.Stride, place.Precision)),
        new(OperationNames.SepConv5, place => SeparableOperation.Separable(place.Channels, 5, place.Stride, place.Precision)),
        new(OperationNames.DilConv3, place => SeparableOperation.Dilated(place.Channels, 3, place.Stride, place.Precision)),
        new(OperationNames.DilConv5, place => SeparableOperation.Dilated(place.Channels, 5, place.Stride, place.Precision)),
    ];
}
