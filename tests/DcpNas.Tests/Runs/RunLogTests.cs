using System.Text.Json.Nodes;
using DcpNas.Native;
using DcpNas.Runs;

namespace DcpNas.Tests.Runs;

public class RunLogTests
{
    public RunLogTests() => LibTorch.Load();

    private static RunFolder Start(string path) => RunFolder.Start(path, new JsonObject { ["seed"] = 1 }, RunEnvironment.Collect("cpu"), "dcpnas search");

    private static void Log(RunLog log, int fromStep, int toStep, double offset)
    {
        for (var step = fromStep; step < toStep; step++)
        {
            log.Append(MetricRecord.OfStep(step, step / 4, 0, "parent_weights", offset + step, 0.5));
            if (step % 4 == 3)
            {
                log.Append(MetricRecord.OfEpoch(step / 4, 0, "parent").Set("supernet_valid_top1", offset + step));
                log.Append(MetricRecord.OfAlpha(step / 4, "child", "normal", [[0.25, 0.75], [0.5, 0.5]]));
            }
        }
    }

    [Fact]
    public void ResumedRun_HasTheFilesOfAnUninterruptedOne()
    {
        using var temporary = new TemporaryFolder();
        using (var whole = Start(temporary["whole"]))
        using (var log = new RunLog(whole))
        {
            Log(log, 0, 20, 0);
        }

        long position;
        using (var first = Start(temporary["resumed"]))
        using (var log = new RunLog(first))
        {
            Log(log, 0, 10, 0);
            log.FlushToDisk();
            position = log.Position;
            Log(log, 10, 14, 1000); // lost: after the checkpoint
        }

        using (var second = Start(temporary["resumed"]))
        using (var log = new RunLog(second, position))
        {
            Log(log, 10, 20, 0);
        }

        Assert.Equal(File.ReadAllText(temporary["whole/metrics.jsonl"]), File.ReadAllText(temporary["resumed/metrics.jsonl"]));
        foreach (var part in (string[])["steps", "epochs"])
        {
            var expected = EventReader.Curve(temporary[$"whole/events/{part}"]);
            Assert.NotEmpty(expected);
            Assert.Equal(expected, EventReader.Curve(temporary[$"resumed/events/{part}"]));
        }

        var epochs = EventReader.Curve(temporary["whole/events/epochs"]);
        Assert.Equal(["3.0", "7.0", "11.0", "15.0", "19.0"], epochs.Where(point => point.Tag == "supernet_valid_top1").Select(point => point.Value));
        Assert.Contains((2, "alpha_child_normal_max/edge_00", "0.75"), epochs);
        Assert.Contains(epochs, point => point.Tag == "alpha_child_normal");
        Assert.Contains((6, "parent_weights/loss", "6.0"), EventReader.Curve(temporary["whole/events/steps"]));
    }

    [Fact]
    public void RunWithoutCheckpoint_StartsItsLogAnew()
    {
        using var temporary = new TemporaryFolder();
        for (var session = 0; session < 2; session++)
        {
            using var run = Start(temporary["run"]);
            using var log = new RunLog(run);
            Log(log, 0, 5, session * 100);
        }

        Assert.Equal(100, MetricsReader.Read(temporary["run/metrics.jsonl"])[0].Number("loss"));
        Assert.Equal(["100.0", "101.0", "102.0", "103.0", "104.0"],
            EventReader.Curve(temporary["run/events/steps"]).Where(point => point.Tag.EndsWith("loss")).Select(point => point.Value));
    }

    [Fact]
    public void LostLines_AreReportedInTheLog()
    {
        using var temporary = new TemporaryFolder();
        using var run = Start(temporary["run"]);
        using (var log = new RunLog(run, 5000, events: false))
        {
            Log(log, 0, 1, 0);
        }

        Assert.Equal("metrics_lost", MetricsReader.Read(run.MetricsPath)[0].Text("name"));
        Assert.False(Directory.Exists(run.PathOf("events")));
    }
}
