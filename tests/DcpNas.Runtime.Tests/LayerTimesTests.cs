using DcpNas.Runtime.Layers;

namespace DcpNas.Runtime.Tests;

public class LayerTimesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void LayerTimes_AfterCalls_AreThoseOfEveryLayerAndChangeNoResult(int threads)
    {
        var model = SampleModels.EveryNode();
        var images = new Draw(3).Pixels(2 * 8 * 8 * 3);
        using var plain = new PackedRunner(model, new PackedRunnerOptions { Threads = threads });
        using var measured = new PackedRunner(model, new PackedRunnerOptions { Threads = threads, MeasureLayers = true });
        plain.Run(images);
        measured.Run(images);

        var times = measured.LayerTimes;

        Assert.Equal(plain.Logits.ToArray(), measured.Logits.ToArray());
        Assert.Equal(new Steps(model.Graph, alone: false).All.Select(step => (step.Node.Name, step.Type)), times.Select(time => (time.Node, time.Type)));
        Assert.Equal(("stem", "convolution"), (times[0].Node, times[0].Type));
        Assert.All(times, time => Assert.True(time.Seconds >= 0));
        Assert.True(times.Sum(time => time.Seconds) > 0);
        measured.Run(images);
        Assert.All(measured.LayerTimes.Zip(times), pair => Assert.True(pair.First.Seconds >= pair.Second.Seconds));
    }

    [Fact]
    public void LayerTimes_OfARunnerThatMeasuresNothing_IsRefused()
    {
        using var runner = new PackedRunner(SampleModels.EveryNode());
        Assert.Equal("Times are kept by a runner with MeasureLayers.", Assert.Throws<InvalidOperationException>(() => runner.LayerTimes).Message);
    }
}
