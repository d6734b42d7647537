using DcpNas.Candidates;
using DcpNas.Comparison;
using DcpNas.SearchSpace;
using DcpNas.Tests.Data;

namespace DcpNas.Tests.Comparison;

public sealed class RandomSelectionTests
{
    [Fact]
    public void IsEnough_WithABudget_ComesAsNearAsWholeCandidatesAllow()
    {
        Assert.False(RandomSelection.IsEnough(null, 10, [])); // at least one, whatever it costs
        Assert.False(RandomSelection.IsEnough(null, 10.1, [4, 4])); // 12 is nearer than 8
        Assert.True(RandomSelection.IsEnough(null, 10, [4, 4])); // 8 is as near as 12
        Assert.True(RandomSelection.IsEnough(null, 10, [25]));
    }

    [Fact]
    public void IsEnough_WithANumber_CountsAlone()
    {
        Assert.False(RandomSelection.IsEnough(3, null, [100, 100]));
        Assert.True(RandomSelection.IsEnough(3, null, [1, 1, 1]));
    }

    [Fact]
    public void Draw_OfAnySeedAndNumber_GivesAnotherGenotypeThanTheRowRandom()
    {
        var drawn = Enumerable.Range(-1, 4).SelectMany(seed => Enumerable.Range(0, 50).Select(index => RandomSelection.Draw(seed, index))).ToHashSet();
        Assert.Equal(200, drawn.Count);
        Assert.DoesNotContain(Discretizer.Random(0), drawn.Except(Enumerable.Range(0, 50).Select(index => RandomSelection.Draw(-1, index))));
    }

    [Fact]
    public void CpuMeter_AfterAKill_CountsWhatWasLostOnce()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "cpu.json");
        var first = new CpuMeter(path, "cpu");
        first.Tell(0);
        Burn(0.2);
        first.Tell(0.5);
        var atHalf = first.Seconds;
        Burn(0.2);
        first.Tell(0.9); // killed here; the newest checkpoint is that of one half

        var second = new CpuMeter(path, "cpu");
        second.Tell(0.5);
        Assert.InRange(second.Seconds, atHalf - 0.01, atHalf + 0.15);
        Burn(0.3);
        second.Tell(1);
        Assert.InRange(second.Finish()!.Value, atHalf + 0.25, atHalf + 0.6);

        // Finished: asked again, it says the same.
        var third = new CpuMeter(path, "cpu");
        third.Tell(1);
        Assert.InRange(third.Finish()!.Value, atHalf + 0.25, atHalf + 0.7);
    }

    [Fact]
    public void CpuMeter_OfWorkThatWasBegunWithoutIt_KnowsNothing()
    {
        using var folder = new TempFolder();
        var meter = new CpuMeter(Path.Combine(folder.Path, "cpu.json"), "cpu");
        meter.Tell(0.4);
        meter.Tell(1);
        Assert.Null(meter.Finish());
    }

    private static void Burn(double seconds)
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var until = process.TotalProcessorTime.TotalSeconds + seconds;
        while (process.TotalProcessorTime.TotalSeconds < until)
        {
            process.Refresh();
            _ = Math.Sin(until);
        }
    }
}
