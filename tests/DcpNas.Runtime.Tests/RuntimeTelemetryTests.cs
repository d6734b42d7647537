using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DcpNas.Runtime.Tests;

/// <summary>Listeners hear of every runner of the process, so nothing else may run beside these tests.</summary>
[CollectionDefinition(nameof(RuntimeTelemetryTests), DisableParallelization = true)]
[Collection(nameof(RuntimeTelemetryTests))]
public sealed class RuntimeTelemetryTests
{
    [Fact]
    public void Meter_WithAListener_CountsRunsImagesSecondsAndRunners()
    {
        var model = SampleModels.Calibrated(SampleModels.EveryNode(channels: 5), 1);
        var images = new Draw(1).Reals(3 * (int)model.Graph.Input.Elements);
        var heard = new List<(string Name, double Value, string Tags)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => Enable(instrument, self) };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => heard.Add((instrument.Name, value, Text(tags))));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => heard.Add((instrument.Name, value, Text(tags))));
        listener.Start();

        using (var pool = new PackedRunnerPool(model, capacity: 1))
        using (var lease = pool.Rent(TestContext.Current.CancellationToken))
        {
            lease.Runner.Run(images);
        }

        using (var fast = new PackedRunner(model, new PackedRunnerOptions { Mode = NumericMode.Fast }))
        {
            fast.Run(images.AsSpan(0, images.Length / 3));
            Assert.Throws<ArgumentException>(() => fast.Run(images.AsSpan(1)));
        }

        Assert.Equal(
            [
                "dcpnas.runtime.pool.in_use 1 ", "dcpnas.runtime.pool.wait.duration", "dcpnas.runtime.runs 1 mode=exact", "dcpnas.runtime.images 3 mode=exact", "dcpnas.runtime.run.duration mode=exact",
                "dcpnas.runtime.pool.in_use -1 ", "dcpnas.runtime.runs 1 mode=fast", "dcpnas.runtime.images 1 mode=fast", "dcpnas.runtime.run.duration mode=fast",
            ],
            heard.Select(one => one.Name.EndsWith("duration", StringComparison.Ordinal) ? $"{one.Name} {one.Tags}".TrimEnd() : $"{one.Name} {one.Value} {one.Tags}"));
        Assert.All(heard.Where(one => one.Name.EndsWith("duration", StringComparison.Ordinal)), one => Assert.InRange(one.Value, 1e-9, 60));
    }

    [Fact]
    public void ActivitySource_WithAListener_SaysWhatIsLoadedAndRunAndWhatFails()
    {
        var model = SampleModels.EveryNode(channels: 5);
        var bytes = SampleModels.Bytes(model);
        var heard = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RuntimeTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => heard.Add($"{activity.OperationName} {activity.Status} {string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))}"),
        };
        ActivitySource.AddActivityListener(listener);

        var loaded = PackedModel.Load(bytes, "net.dcpnas");
        bytes[^1] ^= 1;
        Assert.Throws<PackedModelException>(() => PackedModel.Load(bytes, "broken.dcpnas"));
        using var runner = new PackedRunner(loaded);
        runner.Run(new Draw(1).Reals(2 * (int)model.Graph.Input.Elements));

        Assert.Equal(["dcpnas.load Unset dcpnas.source=net.dcpnas", "dcpnas.load Error dcpnas.source=broken.dcpnas", "dcpnas.run Unset dcpnas.images=2 dcpnas.mode=exact"], heard);
    }

    private static void Enable(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == RuntimeTelemetry.Name)
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags) => string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
}
