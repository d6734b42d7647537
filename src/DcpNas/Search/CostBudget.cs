using DcpNas.Cost;
using DcpNas.Native;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>Limits on the cost of the final network: a differentiable term while searching, and a hard check at the end.</summary>
/// <remarks>
/// The expected cost is that of the discretised network if each node drew its edges evenly and each edge its operation by the softmax of alpha
/// without <c>none</c>: <c>fixed + sum_nodes 2/n sum_edges sum_m p_m cost[edge, m]</c>. The term is <c>weight max(0, expected / limit - 1)</c> per
/// limit, so that its gradient vanishes as soon as the expectation is inside. The cost is that of <see cref="GenotypeCost"/>.
/// </remarks>
public sealed class CostBudget
{
    private readonly SearchOptions _options;

    /// <summary>Creates the budget for the final network of the options.</summary>
    /// <param name="options">Limits and size of the final network.</param>
    /// <param name="geometry">The final network.</param>
    public CostBudget(SearchOptions options, NetworkGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Geometry = geometry;
        Table = GenotypeCost.Supernet(geometry);
    }

    /// <summary>The final network.</summary>
    public NetworkGeometry Geometry { get; }

    /// <summary>What each choice costs in it.</summary>
    public SupernetCost Table { get; }

    /// <summary>Whether there is any limit.</summary>
    public bool IsLimited => _options.MaxOps is not null || _options.MaxMemoryMbit is not null;

    /// <summary>The expected OPs, a scalar with its graph.</summary>
    public Tensor ExpectedOps(ArchitectureParameters architecture) => Expected(architecture, Table.Fixed.Ops, Table.Ops);

    /// <summary>The expected memory in Mbit, a scalar with its graph.</summary>
    public Tensor ExpectedMbit(ArchitectureParameters architecture) => Expected(architecture, Table.Fixed.Mbit, Table.Mbit);

    /// <summary>The gradient of the cost term, one tensor per architecture parameter; zeros inside the limits.</summary>
    public Tensor[] Gradient(ArchitectureParameters architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        using var scope = NewDisposeScope();
        var all = architecture.All;
        var terms = new List<Tensor>();
        Add(_options.MaxOps, ExpectedOps);
        Add(_options.MaxMemoryMbit, ExpectedMbit);
        var gradient = terms.Count == 0
            ? all.Select(parameter => zeros_like(parameter)).ToArray()
            : Autograd.Grad([stack(terms).sum() * _options.BudgetWeight], [.. all]);
        return [.. gradient.Select(part => part.detach().MoveToOuterDisposeScope())];

        void Add(double? limit, Func<ArchitectureParameters, Tensor> expected)
        {
            if (limit is { } bound && expected(architecture) is var cost && cost.ToDouble() > bound)
            {
                terms.Add((cost / bound) - 1);
            }
        }
    }

    /// <summary>Whether a discretised genotype keeps to all limits.</summary>
    public bool Allows(Genotype genotype)
    {
        var cost = Table.Discretised(genotype);
        return cost.Ops <= (_options.MaxOps ?? double.PositiveInfinity) && cost.Mbit <= (_options.MaxMemoryMbit ?? double.PositiveInfinity);
    }

    /// <summary>The cost of one choice in units of the limits, for the trade of strength against cost.</summary>
    internal double Price(bool isReduction, int edge, int operation)
    {
        var cost = Table.Of(isReduction, edge, operation);
        return (cost.Ops / (_options.MaxOps ?? double.PositiveInfinity)) + (cost.Mbit / (_options.MaxMemoryMbit ?? double.PositiveInfinity));
    }

    private static Tensor Expected(ArchitectureParameters architecture, double fixedPart, Func<bool, double[,]> table)
    {
        using var scope = NewDisposeScope();
        var total = OfKind(CellKind.Normal) + OfKind(CellKind.Reduction) + fixedPart;
        return total.MoveToOuterDisposeScope();

        Tensor OfKind(CellKind kind)
        {
            var alpha = architecture.Alpha(kind);
            var costs = tensor(table(kind == CellKind.Reduction), dtype: alpha.dtype, device: alpha.device);
            var shares = tensor(Enumerable.Range(0, CellTopology.EdgeCount).Select(edge => (double)CellTopology.EdgesKeptPerNode / CellTopology.EndsOf(edge).Node).ToArray(),
                dtype: alpha.dtype, device: alpha.device);
            var chosen = alpha.narrow(1, 1, alpha.shape[1] - 1).softmax(1);
            return ((chosen * costs.narrow(1, 1, costs.shape[1] - 1)).sum(1) * shares).sum();
        }
    }
}
