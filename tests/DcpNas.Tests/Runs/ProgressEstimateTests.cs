using DcpNas.Runs;

namespace DcpNas.Tests.Runs;

public class ProgressEstimateTests
{
    private static ProgressEstimate Create() => new(new Dictionary<string, long> { ["fast"] = 100, ["slow"] = 10 });

    [Fact]
    public void TimeLeft_PhasesOfDifferentCost_AddsThemUp()
    {
        var estimate = Create();
        Assert.Null(estimate.TimeLeft);
        estimate.Record("fast", 1);
        estimate.Record("fast", 3);
        estimate.Record("slow", 60);

        Assert.False(estimate.IsRough);
        Assert.Equal((98 * 2) + (9 * 60), estimate.TimeLeft!.Value.TotalSeconds);
        Assert.Equal(3.0 / 110, estimate.Fraction);
    }

    [Fact]
    public void TimeLeft_PhaseNotYetSeen_IsRough()
    {
        var estimate = Create();
        estimate.Record("fast", 2);
        Assert.True(estimate.IsRough);
        Assert.Equal((99 * 2) + (10 * 2), estimate.TimeLeft!.Value.TotalSeconds);
    }

    [Fact]
    public void TimeLeft_SlowStart_IsForgottenAfterTheWindow()
    {
        var estimate = new ProgressEstimate(new Dictionary<string, long> { ["p"] = 100 });
        estimate.Record("p", 1000);
        for (var step = 0; step < ProgressEstimate.Window; step++)
        {
            estimate.Record("p", 1);
        }

        Assert.Equal(49, estimate.TimeLeft!.Value.TotalSeconds);
    }

    [Fact]
    public void Skip_StepsOfAnEarlierSession_CountAsDone()
    {
        var estimate = Create();
        estimate.Skip("fast", 100);
        estimate.Skip("slow", 9);
        estimate.Record("slow", 5);
        Assert.Equal(TimeSpan.Zero, estimate.TimeLeft);
        Assert.Equal(1, estimate.Fraction);
        Assert.False(estimate.IsRough);
    }

    [Fact]
    public void Record_UnknownPhase_ListsThePlanned()
    {
        var error = Assert.Throws<KeyNotFoundException>(() => Create().Record("x", 1));
        Assert.Equal("Unknown phase 'x'. Planned phases: fast, slow.", error.Message);
    }
}
