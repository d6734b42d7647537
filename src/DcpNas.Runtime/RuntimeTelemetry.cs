using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DcpNas.Runtime;

/// <summary>What the runtime tells of its work to whoever listens: OpenTelemetry, <c>dotnet-counters</c>, a <see cref="MeterListener"/> or <see cref="ActivityListener"/>.</summary>
/// <remarks>
/// <para>The <see cref="Meter"/> has these instruments; the first three carry the tag <c>mode</c>, <c>exact</c> or <c>fast</c>:</para>
/// <list type="bullet">
/// <item><c>dcpnas.runtime.runs</c>: calls of <see cref="PackedRunner"/> that have ended well;</item>
/// <item><c>dcpnas.runtime.images</c>: images in them;</item>
/// <item><c>dcpnas.runtime.run.duration</c>: seconds that such a call took;</item>
/// <item><c>dcpnas.runtime.pool.wait.duration</c>: seconds that <see cref="PackedRunnerPool.Rent"/> waited for a runner;</item>
/// <item><c>dcpnas.runtime.pool.in_use</c>: runners that are rented.</item>
/// </list>
/// <para>The <see cref="ActivitySource"/> has the activities <c>dcpnas.run</c>, with the tags <c>dcpnas.images</c> and <c>dcpnas.mode</c>, and <c>dcpnas.load</c>, with <c>dcpnas.source</c>;
/// one that failed has the status Error.</para>
/// <para>Where nobody listens nothing is measured or allocated.</para>
/// </remarks>
public static class RuntimeTelemetry
{
    /// <summary>The name of the <see cref="Meter"/> and of the <see cref="ActivitySource"/>.</summary>
    public const string Name = "DcpNas.Runtime";

    private static readonly string Version = typeof(RuntimeTelemetry).Assembly.GetName().Version!.ToString(3);
    private static readonly ActivitySource Activities = new(Name, Version);
    private static readonly Meter Instruments = new(Name, Version);
    private static readonly Counter<long> Runs = Instruments.CreateCounter<long>("dcpnas.runtime.runs", "{run}", "Calls of a runner that have ended well.");
    private static readonly Counter<long> Images = Instruments.CreateCounter<long>("dcpnas.runtime.images", "{image}", "Images that runners have run.");
    private static readonly Histogram<double> RunSeconds = Instruments.CreateHistogram<double>("dcpnas.runtime.run.duration", "s", "How long a call of a runner took.");
    private static readonly Histogram<double> WaitSeconds = Instruments.CreateHistogram<double>("dcpnas.runtime.pool.wait.duration", "s", "How long a caller waited for a runner of a pool.");
    private static readonly UpDownCounter<long> InUse = Instruments.CreateUpDownCounter<long>("dcpnas.runtime.pool.in_use", "{runner}", "Runners of pools that are rented.");

    /// <summary>The moment at which something that is measured begins; 0 where nobody listens.</summary>
    internal static long StartOfRun() => RunSeconds.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>Begins the activity of a call; null where nobody listens.</summary>
    internal static Activity? StartRun(int images, NumericMode mode)
    {
        var activity = Activities.HasListeners() ? Activities.StartActivity("dcpnas.run") : null;
        activity?.SetTag("dcpnas.images", images).SetTag("dcpnas.mode", NameOf(mode));
        return activity;
    }

    /// <summary>Begins the activity of reading a model; null where nobody listens.</summary>
    internal static Activity? StartLoad(string source)
    {
        var activity = Activities.HasListeners() ? Activities.StartActivity("dcpnas.load") : null;
        activity?.SetTag("dcpnas.source", source);
        return activity;
    }

    /// <summary>Counts a call that has ended well.</summary>
    /// <param name="start">What <see cref="StartOfRun"/> gave.</param>
    /// <param name="images">Its images.</param>
    /// <param name="mode">What it computed with.</param>
    internal static void EndRun(long start, int images, NumericMode mode)
    {
        if (!Runs.Enabled && !Images.Enabled && start == 0)
        {
            return;
        }

        var tag = new KeyValuePair<string, object?>("mode", NameOf(mode));
        Runs.Add(1, tag);
        Images.Add(images, tag);
        if (start != 0)
        {
            RunSeconds.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tag);
        }
    }

    /// <summary>The moment at which a caller begins to wait; 0 where nobody listens.</summary>
    internal static long StartOfWait() => WaitSeconds.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>Counts a runner that was rented.</summary>
    internal static void Rented(long start)
    {
        InUse.Add(1);
        if (start != 0)
        {
            WaitSeconds.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    /// <summary>Counts a runner that was given back.</summary>
    internal static void Returned() => InUse.Add(-1);

    private static string NameOf(NumericMode mode) => mode switch { NumericMode.Exact => "exact", NumericMode.Fast => "fast", _ => "integer" };
}
