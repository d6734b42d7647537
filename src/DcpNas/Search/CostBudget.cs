using DcpNas.Cost;
using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>Limits on the cost of the final network: a differentiable term while searching, and a hard check at the end.</summary>
/// <remarks>
/// The expected cost is that of the discretised network if each node drew its edges evenly and each edge its operation by the softmax of alpha
/// without <c>none</c>: <c>fixed + sum_nodes 2/n sum_edges sum_m p_m cost[edge, m]</c>. The term is <c>weight max(0, expected / limit - 1)</c> per
/// limit, so that its gradient vanishes as soon as the expectation is inside. The cost is that of <see cref="GenotypeCost"/>; flash and instructions of a chip
/// are those of <see cref="ChipTable"/>, and its RAM, which is no sum, is left to the check.
/// </remarks>
public sealed class CostBudget
{
    private readonly SearchOptions _options;
    private readonly Lazy<Genotype> _smallest;

    /// <summary>Creates the budget for the final network of the options.</summary>
    /// <param name="options">Limits and size of the final network.</param>
    /// <param name="geometry">The final network.</param>
    /// <param name="chip">Limits in the units of a chip; null for none.</param>
    public CostBudget(SearchOptions options, NetworkGeometry geometry, ChipBudget? chip = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, Chip) = (options, chip);
        Geometry = geometry;
        Table = GenotypeCost.Supernet(geometry);
        _smallest = new(() => SmallestGenotype.Find(this));
    }

    /// <summary>The final network.</summary>
    public NetworkGeometry Geometry { get; }

    /// <summary>What each choice costs in it.</summary>
    public SupernetCost Table { get; }

    /// <summary>Limits in the units of a chip; null for none.</summary>
    public ChipBudget? Chip { get; }

    /// <summary>Whether there is any limit.</summary>
    public bool IsLimited => _options.MaxOps is not null || _options.MaxMemoryMbit is not null || Chip is not null;

    /// <summary>The first genotype found that keeps to the limits, else the one that exceeds them least.</summary>
    internal Genotype Smallest => _smallest.Value;

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
        Add(Chip?.Limits.MaxFlash, alpha => ExpectedOnChip(alpha, amount => amount.FlashBytes));
        Add(Chip?.Limits.MaxInstructions, alpha => ExpectedOnChip(alpha, amount => amount.Instructions));
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
    public bool Allows(Genotype genotype) => CountedShare(genotype) <= 1 && Chip?.Allows(genotype) != false;

    /// <summary>Whether it keeps to all limits but that on RAM: to those on sums over its edges.</summary>
    internal bool AllowsSums(Genotype genotype) => CountedShare(genotype) <= 1 && Chip?.AllowsSums(genotype) != false;

    /// <summary>The largest share of a limit that a genotype takes.</summary>
    internal double Share(Genotype genotype) => Math.Max(CountedShare(genotype), Chip is null ? 0 : Chip.Limits.Share(Chip.Measure(genotype)));

    /// <summary>What a genotype costs, for people.</summary>
    internal string Describe(Genotype genotype)
    {
        var cost = Table.Discretised(genotype);
        var counted = FormattableString.Invariant($"{cost.Ops / 1e6:f2} M OPs and {cost.Mbit:f2} Mbit");
        return Chip is null ? counted : $"{counted}, on {Chip.Target} {Chip.Measure(genotype)}";
    }

    /// <summary>Why no genotype keeps to the limits, and what to do.</summary>
    /// <param name="cheapest">The cheapest one that was found.</param>
    internal InputException Impossible(Genotype cheapest) => new(CountedShare(cheapest) > 1 || Chip is null
        ? $"The budget cannot be met: the cheapest genotype costs {Describe(cheapest)} in a network of {Geometry.Cells} cells and {Geometry.Channels} channels. "
            + "Raise max_ops or max_memory_mbit, or lower final_channels or final_cells."
        : Chip.Impossible(cheapest));

    /// <summary>The cost of one choice in units of the limits, for the trade of strength against cost.</summary>
    internal double Price(bool isReduction, int edge, int operation)
    {
        var cost = Table.Of(isReduction, edge, operation);
        return (cost.Ops / (_options.MaxOps ?? double.PositiveInfinity)) + (cost.Mbit / (_options.MaxMemoryMbit ?? double.PositiveInfinity))
            + (Chip?.Price(isReduction, edge, operation) ?? 0);
    }

    private double CountedShare(Genotype genotype)
    {
        var cost = Table.Discretised(genotype);
        return Math.Max(cost.Ops / (_options.MaxOps ?? double.PositiveInfinity), cost.Mbit / (_options.MaxMemoryMbit ?? double.PositiveInfinity));
    }

    private Tensor ExpectedOnChip(ArchitectureParameters architecture, Func<ChipAmount, double> number) =>
        Expected(architecture, number(Chip!.Table.Fixed), isReduction => Chip.Table.Of(isReduction, number));

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
