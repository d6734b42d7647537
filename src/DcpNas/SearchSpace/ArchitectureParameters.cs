using DcpNas.SearchSpace.Algebra;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DcpNas.SearchSpace;

/// <summary>The architecture parameters alpha of one supernet: a 14 x 8 matrix per cell kind and, with edge normalisation, a weight per edge.</summary>
public sealed class ArchitectureParameters : IDisposable
{
    private readonly Dictionary<string, Parameter> _named;

    /// <summary>Creates parameters near zero: 1e-3 times a normal deviate, edge weights likewise.</summary>
    public ArchitectureParameters(bool edgeNormalization)
    {
        using var _ = no_grad();
        Parameter Small(params long[] sizes)
        {
            var parameter = new Parameter(randn(sizes).mul_(1e-3));
            parameter.DetachFromDisposeScope();
            return parameter;
        }

        _named = new()
        {
            ["normal"] = Small(CellTopology.EdgeCount, OperationNames.All.Count),
            ["reduction"] = Small(CellTopology.EdgeCount, OperationNames.All.Count),
        };
        if (edgeNormalization)
        {
            _named["normal_edges"] = Small(CellTopology.EdgeCount);
            _named["reduction_edges"] = Small(CellTopology.EdgeCount);
        }
    }

    /// <summary>All parameters in a fixed order: normal, reduction, then the edge weights where there are any.</summary>
    public IReadOnlyList<Parameter> All => [.. Names.Select(name => _named[name])];

    /// <summary>The keys of <see cref="All"/>, as they stand in checkpoints.</summary>
    public IReadOnlyList<string> Names => _named.Count == 2 ? ["normal", "reduction"] : ["normal", "reduction", "normal_edges", "reduction_edges"];

    /// <summary>alpha of a cell kind, <c>[14, 8]</c>.</summary>
    public Tensor Alpha(CellKind kind) => _named[kind == CellKind.Normal ? "normal" : "reduction"];

    /// <summary>The edge weights of a cell kind, <c>[14]</c>, or null without edge normalisation.</summary>
    public Tensor? EdgeWeights(CellKind kind) => _named.GetValueOrDefault(kind == CellKind.Normal ? "normal_edges" : "reduction_edges");

    /// <summary>The rows of alpha in double precision: 14 rows of 8.</summary>
    public double[][] Logits(CellKind kind) => [.. Vector(Alpha(kind))!.Chunk(OperationNames.All.Count)];

    /// <summary>The edge weights before their softmax in double precision, 14 values; null without edge normalisation.</summary>
    public double[]? EdgeLogits(CellKind kind) => Vector(EdgeWeights(kind));

    /// <summary>Softmax of each row of alpha: 14 rows of 8.</summary>
    public double[][] Probabilities(CellKind kind)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var values = Alpha(kind).detach().to(ScalarType.Float64).softmax(1).cpu().data<double>().ToArray();
        return [.. values.Chunk(OperationNames.All.Count)];
    }

    /// <summary>Softmax of the edge weights over the edges into each node, 14 values; null without edge normalisation.</summary>
    public double[]? EdgeProbabilities(CellKind kind)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return EdgeWeights(kind) is not { } weights
            ? null
            : [.. Enumerable.Range(CellTopology.InputCount, CellTopology.NodeCount).SelectMany(node =>
                weights.detach().to(ScalarType.Float64).narrow(0, CellTopology.FirstEdge(node), node).softmax(0).cpu().data<double>().ToArray())];
    }

    /// <summary>The genotype that these parameters stand for: <see cref="Discretizer"/>.</summary>
    public Genotype Discretize() => Discretizer.Discretize(
        Matrix(CellKind.Normal), Matrix(CellKind.Reduction), EdgeLogits(CellKind.Normal), EdgeLogits(CellKind.Reduction));

    /// <summary>Takes over all values of another network's parameters.</summary>
    public void CopyFrom(ArchitectureParameters other)
    {
        using var _ = no_grad();
        foreach (var name in Names)
        {
            _named[name].copy_(other._named[name]);
        }
    }

    /// <summary>Adds all values of another network's parameters.</summary>
    public void Add(ArchitectureParameters other)
    {
        ArgumentNullException.ThrowIfNull(other);
        using var _ = no_grad();
        foreach (var name in Names)
        {
            _named[name].add_(other._named[name]);
        }
    }

    /// <summary>The weights of each node under an algebra, with their derivatives.</summary>
    /// <param name="math">The algebra.</param>
    /// <param name="leaf">What stands for a parameter in it.</param>
    /// <param name="path">The discrete network whose candidates are computed, each with the derivative of its probability; null: all candidates mixed.</param>
    public MixingWeights<T> Mix<T>(INetworkAlgebra<T> math, Func<Tensor, T> leaf, Genotype? path = null)
        where T : class
    {
        return new(Cell(CellKind.Normal, path?.Normal), Cell(CellKind.Reduction, path?.Reduction));

        NodeWeights<T>[] Cell(CellKind kind, CellGenotype? kept)
        {
            var (alpha, edges) = (leaf(Alpha(kind)), EdgeWeights(kind) is { } weights ? leaf(weights) : null);
            return kept is null ? MixingWeights<T>.OfCell(math, alpha, edges) : MixingWeights<T>.OfPath(math, alpha, edges, kept);
        }
    }

    private double[,] Matrix(CellKind kind)
    {
        var values = Vector(Alpha(kind))!;
        var matrix = new double[CellTopology.EdgeCount, OperationNames.All.Count];
        Buffer.BlockCopy(values, 0, matrix, 0, values.Length * sizeof(double));
        return matrix;
    }

    private static double[]? Vector(Tensor? values)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return values?.detach().to(ScalarType.Float64).cpu().data<double>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _named.Values)
        {
            tensor.Dispose();
        }
    }
}
