using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tests.Runs;
using static TorchSharp.torch;

namespace DcpNas.Tests.Search;

/// <summary>The collapse to skip and pool: seen, named, acted on.</summary>
public class SearchGuardTests
{
    [Fact]
    public void Health_OfHandMadeAlpha_CountsWhatTheNormalCellWouldKeep()
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path);
        Prefer(search, CellKind.Normal, edge => edge % 2 == 0 ? OperationNames.Skip : OperationNames.MaxPool);
        Prefer(search, CellKind.Reduction, _ => OperationNames.SepConv3);

        var health = SearchHealth.Of(search.Networks.Child.Architecture);

        Assert.Equal(1, health.Normal.WeightlessShare, 1e-9);
        Assert.True(health.Normal.SkipShare > 0 && health.Normal.PoolShare > 0);
        Assert.Equal(3, health.Normal.Margin, 1e-5); // log(p / q) of one row is the difference of its alphas
        Assert.Equal((0, 0), (health.Reduction.WeightlessShare, health.Reduction.Margin));
        var p = Math.Exp(3) / (Math.Exp(3) + 7);
        var q = 1 / (Math.Exp(3) + 7);
        Assert.Equal(-(p * Math.Log(p)) - (7 * q * Math.Log(q)), health.Normal.Entropy, 1e-6);
        Assert.Equal(q, health.Normal.NoneShare, 1e-6);
        Assert.Equal(p, health.Decision.Normal.MeanProbability, 1e-6);
        Assert.All(health.Decision.Normal.Kept, edge => Assert.Equal((edge.Chosen, true), (edge.Winner, edge.IsDecided)));
    }

    [Theory]
    [InlineData(CellVerdict.Leaning, 0.05)]
    [InlineData(CellVerdict.Leaning, 0.09)]
    [InlineData(CellVerdict.Collapsed, 0.11)]
    [InlineData(CellVerdict.Collapsed, 0.05, 0.06)]
    [InlineData(CellVerdict.Leaning, 0.05, 0.04)]
    [InlineData(CellVerdict.Collapsed, 0.11, 0.04)]
    public void Judge_ALeadOfSkip_DependsOnItsMarginAndItsTrend(CellVerdict verdict, params double[] margins)
    {
        var judgement = CellJudgement.Start;
        foreach (var margin in margins)
        {
            judgement = new CellHealth(2.079, 0.5, 0.25, 0.125, margin).Judge(leads: true, judgement);
        }

        Assert.Equal(new CellJudgement(verdict, margins[^1]), judgement);
        Assert.Equal(CellVerdict.Healthy, new CellHealth(2.079, 0.5, 0.2, 0.125, 1).Judge(leads: false, judgement).Verdict);
    }

    [Fact]
    public void Judge_TheRecordedSearchOfCifar_NamesTheLeanOfItsNormalCellAlone()
    {
        // bench/results/search-cifar10.md: after epoch 3 seven of the eight normal edges were pools at an entropy of 2.079, after epoch 4 two; the reduction
        // cell ended as pools alone at 2.072, beside six convolutions in the normal cell.
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path, SearchFixture.Tiny with { Guard = GuardAction.Stop });
        Prefer(search, CellKind.Normal, edge => edge == 0 ? OperationNames.SepConv3 : OperationNames.AvgPool, strength: 0.03f);
        Judge(search, 2);
        var third = SearchHealth.Of(search.Networks.Child.Architecture).Normal;
        Prefer(search, CellKind.Normal, edge => edge < 2 ? OperationNames.AvgPool : OperationNames.SepConv3, strength: 0.15f);
        Judge(search, 3);
        Prefer(search, CellKind.Reduction, _ => OperationNames.MaxPool, strength: 0.34f);
        var last = SearchHealth.Of(search.Networks.Child.Architecture).Reduction;
        search.Guard.Judge(5, SearchHealth.Of(search.Networks.Child.Architecture), search.Progress, search);

        Assert.Equal((0.875, "2.079"), (third.WeightlessShare, $"{third.Entropy:0.000}"));
        Assert.Equal((1, "2.072"), (last.WeightlessShare, $"{last.Entropy:0.000}"));
        Assert.Equal(["2 leaning", "3 recovered"], search.Events);
        Assert.StartsWith("The normal cell is leaning to pool, alpha undecided: skip holds 0 % and pools hold 88 % of its edges, on average 3.0 % ahead of the best convolution.",
            search.EventTexts[0], StringComparison.Ordinal);
        Assert.False(search.Progress.IsStopped);
    }

    [Theory]
    [InlineData(0, false)] // separable convolutions and pools: such networks are among the best
    [InlineData(3, false)] // 11 of 16 edges
    [InlineData(4, true)] // 12 of 16
    public void Judge_PoolsInTheReductionCell_AreACollapseOnlyWhereTheyLeadInBothCells(int poolsInNormalCell, bool isCollapse)
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path, SearchFixture.Tiny with { Guard = GuardAction.Stop });
        // Edges 0 and 1 lead to node 2 and are kept, as are the two strongest of each other node: the first two.
        int[] kept = [0, 1, 2, 3, 5, 6, 9, 10];
        Prefer(search, CellKind.Normal, edge => Array.IndexOf(kept, edge) is >= 0 and var place && place < poolsInNormalCell ? OperationNames.AvgPool : OperationNames.SepConv3);
        Prefer(search, CellKind.Reduction, _ => OperationNames.MaxPool, strength: 0.34f);
        var health = SearchHealth.Of(search.Networks.Child.Architecture);
        Assert.Equal((poolsInNormalCell / 8.0, 1), (health.Normal.WeightlessShare, health.Reduction.WeightlessShare));

        search.Guard.Judge(5, health, search.Progress, search);

        Assert.Equal(isCollapse ? ["5 collapse", "5 stopped"] : [], search.Events);
        if (isCollapse)
        {
            Assert.StartsWith("The reduction cell is collapsing: skip holds 0 % and pools hold 100 % of its edges, on average 40.5 % ahead of the best convolution.",
                search.EventTexts[0], StringComparison.Ordinal);
            Assert.Equal("The guard stopped the search at the collapse. The genotype is that of the start, because no epoch of alpha was healthy.", search.EventTexts[1]);

            Prefer(search, CellKind.Normal, _ => OperationNames.SepConv3);
            Prefer(search, CellKind.Reduction, _ => OperationNames.MaxPool, strength: 0.34f);
            search.Guard.Judge(6, SearchHealth.Of(search.Networks.Child.Architecture), search.Progress, search);
            Assert.Equal("The reduction cell has recovered: skip and pools hold 50 % of the edges of both cells.", search.EventTexts[^1]);
        }
    }

    [Fact]
    public void Judge_ACellThatOnlyLeans_IsNeitherRememberedNorActedOn()
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path, SearchFixture.Tiny with { Guard = GuardAction.Rollback });
        Prefer(search, CellKind.Normal, _ => OperationNames.DilConv5);
        Judge(search, 0);
        var healthy = search.Networks.Child.Architecture.Discretize().Normal;
        Prefer(search, CellKind.Normal, _ => OperationNames.Skip, strength: 0.05f);
        Judge(search, 1);
        var leaning = search.Networks.Child.Architecture.Discretize().Normal;
        Prefer(search, CellKind.Normal, _ => OperationNames.Skip, strength: 0.06f);
        Judge(search, 2);

        Assert.NotEqual(healthy, leaning);
        Assert.Equal(["1 leaning", "2 collapse", "2 rollback"], search.Events);
        Assert.StartsWith("alpha is back at the last healthy epoch (1); its learning rate is now", search.EventTexts[2], StringComparison.Ordinal);
        Assert.Equal(healthy, search.Networks.Child.Architecture.Discretize().Normal);
    }

    [Fact]
    public void Judge_ACollapse_IsNamedOnceAndItsEndToo()
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path);
        Collapse(search, 0);
        Collapse(search, 1);
        Prefer(search, CellKind.Normal, _ => OperationNames.DilConv3);
        Judge(search, 2);

        Assert.Equal(["0 collapse", "2 recovered"], search.Events);
        Assert.False(search.Progress.IsStopped);
    }

    [Fact]
    public void Judge_WithStop_EndsWithTheLastHealthyAlpha()
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path, SearchFixture.Tiny with { Guard = GuardAction.Stop });
        Prefer(search, CellKind.Normal, _ => OperationNames.DilConv5);
        Judge(search, 0);
        var healthy = search.Networks.Child.Architecture.Discretize();

        Collapse(search, 1);

        Assert.Equal(["1 collapse", "1 stopped"], search.Events);
        Assert.True(search.Progress.IsStopped);
        Assert.Equal(healthy, search.Networks.Child.Architecture.Discretize());
        Assert.Equal(healthy, search.Run()); // no further epoch
        Assert.Empty(search.Steps);
    }

    [Fact]
    public void Judge_WithRollback_HalvesTheRateThreeTimesThenStops()
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path, SearchFixture.Tiny with { Guard = GuardAction.Rollback, ArchitectureRate = 0.08 });
        for (var epoch = 0; epoch < 4; epoch++)
        {
            Collapse(search, epoch);
        }

        Assert.Equal(
            ["0 collapse", "0 rollback", "1 collapse", "1 rollback", "2 collapse", "2 rollback", "3 collapse", "3 stopped"],
            search.Events);
        Assert.Equal(0.01, search.Networks.Child.Alpha.Rate, 1e-12);
        Assert.True(search.Progress.IsStopped);
    }

    private static void Collapse(SearchFixture search, int epoch)
    {
        Prefer(search, CellKind.Normal, _ => OperationNames.Skip);
        Judge(search, epoch);
    }

    private static void Judge(SearchFixture search, int epoch)
    {
        Prefer(search, CellKind.Reduction, _ => OperationNames.SepConv3);
        search.Guard.Judge(epoch, SearchHealth.Of(search.Networks.Child.Architecture), search.Progress, search);
    }

    private static void Prefer(SearchFixture search, CellKind kind, Func<int, string> operation, float strength = 3)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var side in new[] { search.Networks.Parent, search.Networks.Child })
        {
            var alpha = side.Architecture.Alpha(kind);
            alpha.zero_();
            for (var edge = 0; edge < CellTopology.EdgeCount; edge++)
            {
                alpha[edge, OperationNames.IndexOf(operation(edge))] = strength;
            }
        }
    }
}
