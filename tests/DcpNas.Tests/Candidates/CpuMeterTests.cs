using System.Diagnostics;
using DcpNas.Candidates;
using DcpNas.Tests.Data;

namespace DcpNas.Tests.Candidates;

/// <summary>CPU time of work over all its sessions, under a clock that the tests move.</summary>
public sealed class CpuMeterTests
{
    private double _now = 100;

    [Fact]
    public void Seconds_AfterAKill_CountWhatWasLostOnce()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "cpu.json");
        var first = new CpuMeter(path, Clock);
        first.Tell(0);
        _now += 20;
        first.Tell(0.5);
        Assert.Equal(20, first.Seconds);
        _now += 7;
        first.Tell(0.9); // killed here; the newest checkpoint is that of one half
        _now += 1000; // another process: its clock begins elsewhere

        var second = new CpuMeter(path, Clock);
        second.Tell(0.5);
        Assert.Equal(20, second.Seconds);
        _now += 30;
        second.Tell(1);
        Assert.Equal(50, second.Finish());

        // Finished: asked again, it says the same.
        _now += 5;
        var third = new CpuMeter(path, Clock);
        third.Tell(1);
        Assert.Equal(50, third.Finish());
    }

    [Fact]
    public void Finish_OfWorkThatWasBegunWithoutIt_KnowsNothing()
    {
        using var folder = new TempFolder();
        var meter = new CpuMeter(Path.Combine(folder.Path, "cpu.json"), Clock);
        meter.Tell(0.4);
        meter.Tell(1);
        Assert.Null(meter.Finish());
    }

    [Fact]
    public void Seconds_OnTheCpu_AreTheProcessorTimeOfTheProcess()
    {
        using var folder = new TempFolder();
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime.TotalSeconds;
        var meter = new CpuMeter(Path.Combine(folder.Path, "cpu.json"), "cpu");
        meter.Tell(0);
        var began = meter.Seconds;
        for (var i = 0; process.TotalProcessorTime.TotalSeconds < before + 0.05; i++)
        {
            process.Refresh();
            _ = Math.Sin(i);
        }

        process.Refresh();
        Assert.InRange(meter.Seconds - began, 0.01, process.TotalProcessorTime.TotalSeconds - before + 0.1);
    }

    private double Clock() => _now;
}
