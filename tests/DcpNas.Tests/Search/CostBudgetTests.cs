using DcpNas.Cost;
using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.Search;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Tests.Search;

/// <summary>The cost term and the check of the discretised genotype.</summary>
public class CostBudgetTests
{
    private static readonly NetworkGeometry Geometry = new() { Channels = 16, Cells = 6, InputHeight = 32, InputWidth = 32, Classes = 10, Stem = StemKind.Cifar };

    public CostBudgetTests() => LibTorch.Load();

    [Fact]
    public void ExpectedOps_AtOneHotAlpha_IsTheMeanOverTheEdgesOfEachNode()
    {
        using var scope = NewDisposeScope();
        using var architecture = Architecture(OneHot);
        var budget = new CostBudget(new SearchOptions(), Geometry);

        var expected = budget.Table.Fixed.Ops;
        foreach (var reduction in new[] { false, true })
        {
            for (var edge = 0; edge < CellTopology.EdgeCount; edge++)
            {
                expected += 2.0 / CellTopology.EndsOf(edge).Node * budget.Table.Of(reduction, edge, 4).Ops;
            }
        }

        Assert.Equal(1, budget.ExpectedOps(architecture).ToDouble() / expected, 1e-5);

        static double OneHot(int edge, int column) => column == 4 ? 50 : 0;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gradient_AboveTheLimit_EqualsFiniteDifferencesOfTheTerm(bool ops)
    {
        using var scope = NewDisposeScope();
        using var architecture = Architecture((edge, column) => Math.Sin((edge * 8) + column));
        var free = new CostBudget(new SearchOptions(), Geometry);
        var (limitOps, limitMbit) = (free.ExpectedOps(architecture).ToDouble() * 0.8, free.ExpectedMbit(architecture).ToDouble() * 0.7);
        var options = ops ? new SearchOptions { MaxOps = limitOps, BudgetWeight = 3 } : new SearchOptions { MaxMemoryMbit = limitMbit, BudgetWeight = 3 };
        var budget = new CostBudget(options, Geometry);

        var gradient = budget.Gradient(architecture)[0];

        const double Step = 1e-6;
        using var _ = no_grad();
        var alpha = architecture.Alpha(CellKind.Normal);
        foreach (var (edge, column) in new[] { (0, 4), (5, 1), (13, 7), (9, 0) })
        {
            var before = alpha[edge, column].ToDouble();
            alpha[edge, column] = before + Step;
            var above = Term();
            alpha[edge, column] = before - Step;
            var below = Term();
            alpha[edge, column] = before;
            Assert.Equal((above - below) / (2 * Step), gradient[edge, column].ToDouble(), 1e-7);
        }

        Assert.Equal(0, gradient[9, 0].ToDouble()); // none costs nothing and does not take part

        double Term() => 3 * Math.Max(0, (ops ? budget.ExpectedOps(architecture).ToDouble() / limitOps : budget.ExpectedMbit(architecture).ToDouble() / limitMbit) - 1);
    }

    [Fact]
    public void Gradient_InsideTheLimit_IsZero()
    {
        using var scope = NewDisposeScope();
        using var architecture = Architecture((edge, column) => 0);

        Assert.All(new CostBudget(new SearchOptions { MaxOps = 1e12 }, Geometry).Gradient(architecture), part => Assert.Equal(0, part.abs().sum().ToDouble()));
    }

    [Fact]
    public void Discretize_WithinTheBudget_IsThePlainRule()
    {
        using var architecture = Architecture((edge, column) => Math.Cos((edge * 5) + (column * 3)));

        var (genotype, change) = BudgetedDiscretizer.Discretize(architecture, new CostBudget(new SearchOptions { MaxOps = 1e12 }, Geometry));

        Assert.Equal(architecture.Discretize(), genotype);
        Assert.Null(change);
    }

    [Theory]
    [InlineData(0.85)]
    [InlineData(0.6)]
    public void Discretize_AboveTheBudget_GivesAGenotypeThatKeepsToItAndUsesIt(double share)
    {
        using var architecture = Architecture((edge, column) => (column >= 4 ? 1 : 0) + (0.3 * Math.Cos((edge * 5) + (column * 3))));
        var free = new CostBudget(new SearchOptions(), Geometry);
        var plain = free.Table.Discretised(architecture.Discretize());
        var (fixedOps, limit) = (free.Table.Fixed.Ops, free.Table.Fixed.Ops + (share * (plain.Ops - free.Table.Fixed.Ops)));
        var budget = new CostBudget(new SearchOptions { MaxOps = limit }, Geometry);

        var (genotype, change) = BudgetedDiscretizer.Discretize(architecture, budget);

        var cost = budget.Table.Discretised(genotype).Ops;
        Assert.True(cost <= limit, $"{cost} OPs are above the limit of {limit}");
        Assert.True(cost - fixedOps > 0.5 * (limit - fixedOps), "a budget is there to be used");
        Assert.StartsWith("The strongest genotype needs ", change, StringComparison.Ordinal);
    }

    [Fact]
    public void Discretize_WithAnImpossibleBudget_SaysWhatTheCheapestCosts()
    {
        using var architecture = Architecture((edge, column) => 0);
        var budget = new CostBudget(new SearchOptions { MaxOps = 10 }, Geometry);

        var error = Assert.Throws<InputException>(() => BudgetedDiscretizer.Discretize(architecture, budget));
        Assert.Equal(error.Message, Assert.Throws<InputException>(() => BudgetedDiscretizer.ThrowIfImpossible(budget)).Message);
        BudgetedDiscretizer.ThrowIfImpossible(new CostBudget(new SearchOptions { MaxOps = 1e12 }, Geometry));

        Assert.Matches(@"^The budget cannot be met: the cheapest genotype costs \d+\.\d\d M OPs and \d+\.\d\d Mbit in a network of 6 cells and 16 channels\. Raise max_ops", error.Message);
    }

    internal static ArchitectureParameters Architecture(Func<int, int, double> value)
    {
        var before = get_default_dtype();
        set_default_dtype(ScalarType.Float64);
        var architecture = new ArchitectureParameters(false);
        set_default_dtype(before);
        var numbers = Enumerable.Range(0, CellTopology.EdgeCount).SelectMany(edge => Enumerable.Range(0, 8).Select(column => value(edge, column))).ToArray();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var alpha in architecture.All)
        {
            alpha.copy_(tensor(numbers).view(14, 8));
        }

        return architecture;
    }
}
