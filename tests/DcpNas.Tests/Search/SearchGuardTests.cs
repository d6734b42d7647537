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

        Assert.Equal(1, health.SkipShare + health.PoolShare, 1e-9);
        Assert.True(health.SkipShare > 0 && health.PoolShare > 0);
        Assert.True(health.IsCollapsed(0.75));
        var p = Math.Exp(3) / (Math.Exp(3) + 7);
        var q = 1 / (Math.Exp(3) + 7);
        Assert.Equal(-(p * Math.Log(p)) - (7 * q * Math.Log(q)), health.EntropyNormal, 1e-6);
        Assert.Equal(q, health.NoneShare, 1e-6);
    }

    [Fact]
    public void IsCollapsed_WhileAlphaIsUndecided_IsFalse()
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path);
        Prefer(search, CellKind.Normal, _ => OperationNames.Skip, strength: 0.05f);

        var health = SearchHealth.Of(search.Networks.Child.Architecture);

        Assert.Equal(1, health.SkipShare, 1e-9);
        Assert.False(health.IsCollapsed(0.75));
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

    private static void Judge(SearchFixture search, int epoch) =>
        search.Guard.Judge(epoch, SearchHealth.Of(search.Networks.Child.Architecture), search.Progress, search);

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
