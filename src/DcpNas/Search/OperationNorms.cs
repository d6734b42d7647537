using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary><c>R(w_m) = || w_m ||_2^2</c> per operation, DCP-NAS (4.53): how strongly the weights of a candidate couple to its column of alpha.</summary>
/// <remarks>
/// The mean over the operation's instances in all cells of a kind; for the Child <c>w_m = beta o sign(w)</c>. A 3x3 pool counts as nine taps of 1/9,
/// skip as one weight of 1 (its strided form too), none as 0.
/// </remarks>
public static class OperationNorms
{
    private const double Pool = 9 * (1.0 / 9) * (1.0 / 9);

    /// <summary>R of each column of alpha.</summary>
    public static double[] Of(Supernet network, CellKind kind)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var cells = network.Cells.Where(cell => cell.Kind == kind).ToList();
        return [.. OperationTable.All.Select((operation, column) => operation.Form switch
        {
            OperationForm.Zero => 0,
            OperationForm.Identity => 1,
            OperationForm.Pool => Pool,
            _ when cells.Count == 0 => 0,
            _ => MeanSquaredNorm(cells, column),
        })];
    }

    private static double MeanSquaredNorm(List<SupernetCell> cells, int column)
    {
        using var scope = NewDisposeScope();
        var instances = cells.SelectMany(cell => cell.Instances(column)).ToList();
        var norms = instances.SelectMany(instance => instance.Convolutions).Select(layer => layer.EffectiveWeight().square().sum()).ToArray();
        return stack(norms).sum().ToDouble() / instances.Count;
    }
}
