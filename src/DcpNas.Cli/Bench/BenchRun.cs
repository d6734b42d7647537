using System.Diagnostics;
using System.Runtime;
using DcpNas.Inference;
using DcpNas.Runtime;

namespace DcpNas.Cli.Bench;

/// <summary>Measures a packed model on random images.</summary>
internal static class BenchRun
{
    private const int LeastCalls = 5;
    private const int LeastRounds = 5;
    private const double WarmUpShare = 0.25;
    private const int WarmUpCalls = 60; // twice what makes a method hot
    private const double MostWarmUp = 10; // seconds of this thread: a busy machine must not end it
    private const double TurnSeconds = 0.02; // long beside a reading of the clock, short beside what disturbs a machine
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(0.4); // the runtime recompiles hot methods 0.1 s after it has last compiled new ones

    /// <summary>Measures everything that the options ask for.</summary>
    /// <param name="file">The model.</param>
    /// <param name="options">Settings without problems.</param>
    /// <param name="progress">Told what begins.</param>
    /// <param name="backend">Makes what the model is compared with; needed where the options name it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InputException">The file does not say the architecture for the backend, or it cannot run it.</exception>
    public static BenchReport Execute(ModelFile file, BenchOptions options, Action<string> progress, BackendFactory? backend, CancellationToken cancellation = default)
    {
        var against = options.Against is null ? null : backend!(file);
        var images = Draw((int)file.Model.Graph.Input.Elements * options.Batch);
        var threads = new List<ThreadTiming>();
        foreach (var count in options.Threads)
        {
            progress($"{count} {(count == 1 ? "thread" : "threads")} ...");
            threads.Add(Time(file.Model, images, count, options, cancellation));
        }

        progress("layers ...");
        var layers = TimeLayers(file.Model, images, options, cancellation);
        var peak = ProcessMemory.PeakMegabytes();
        ModeTiming? modes = null;
        if (options.Mode != NumericMode.Exact)
        {
            progress("exact mode ...");
            modes = CompareModes(file.Model, images, options, cancellation);
        }

        PeerTiming? comparison = null;
        if (against is not null)
        {
            progress($"{options.Against} ...");
            comparison = Compare(file.Model, images, options, against, cancellation);
        }

        return new BenchReport(file, options, threads, layers, peak * 1e6, modes, comparison);
    }

    private static ThreadTiming Time(PackedModel model, float[] images, int threads, BenchOptions options, CancellationToken cancellation)
    {
        using var runner = new PackedRunner(model, new PackedRunnerOptions { Threads = threads, Mode = options.Mode });
        WarmUp(() => runner.Run(images), options, cancellation);
        var cpu = Environment.CpuUsage.TotalTime;
        var calls = Repeat(() => runner.Run(images), options.Seconds, LeastCalls, cancellation);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        var count = calls.Count * options.Batch;
        return new ThreadTiming(
            threads, Spread.Of(calls.Select(seconds => 1000 * seconds / options.Batch)), cpu.TotalMilliseconds / count, count / calls.Sum(), calls.Count);
    }

    private static List<LayerTiming> TimeLayers(PackedModel model, float[] images, BenchOptions options, CancellationToken cancellation)
    {
        using var runner = new PackedRunner(model, new PackedRunnerOptions { MeasureLayers = true, Mode = options.Mode });
        WarmUp(() => runner.Run(images), options, cancellation);
        var before = runner.LayerTimes;
        var calls = new List<double[]>();
        Repeat(
            () =>
            {
                runner.Run(images);
                var after = runner.LayerTimes;
                calls.Add([.. after.Zip(before, (late, early) => late.Seconds - early.Seconds)]);
                before = after;
            },
            options.Seconds, LeastCalls, cancellation);
        List<(string Node, string Type, double Seconds)> rows = [.. before.Select((layer, i) => (layer.Node, layer.Type, Spread.Of(calls.Select(call => call[i])).Median))];
        if (model.Info.Detector is not null)
        {
            rows.Add(("boxes", "decoding and suppression", TimeBoxes(runner, options, cancellation)));
        }

        var total = double.Max(rows.Sum(row => row.Seconds), double.Epsilon);
        return [.. rows.Select(row => new LayerTiming(row.Node, row.Type, 1e6 * row.Seconds / options.Batch, row.Seconds / total))];
    }

    /// <summary>Seconds that it takes to make boxes of the outputs of the last call, the median of the calls.</summary>
    private static double TimeBoxes(PackedRunner runner, BenchOptions options, CancellationToken cancellation)
    {
        WarmUp(Boxes, options, cancellation);
        return Spread.Of(Repeat(Boxes, options.Seconds, LeastCalls, cancellation)).Median;

        void Boxes()
        {
            for (var image = 0; image < options.Batch; image++)
            {
                runner.Detections(image);
            }
        }
    }

    private static ModeTiming CompareModes(PackedModel model, float[] images, BenchOptions options, CancellationToken cancellation)
    {
        using var other = new PackedRunner(model, new PackedRunnerOptions { Mode = options.Mode });
        using var exact = new PackedRunner(model);
        var rounds = TakeTurns([new(() => other.Run(images)), new(() => exact.Run(images))], options, cancellation);
        return new ModeTiming(Cli.Models.Modes.NameOf(options.Mode), Milliseconds(rounds, 0, options), Milliseconds(rounds, 1, options), RatioToFirst(rounds, 1));
    }

    private static PeerTiming Compare(PackedModel model, float[] images, BenchOptions options, BackendBuilder backend, CancellationToken cancellation)
    {
        var planes = ToPlanes(images, model, options.Batch);
        using var float32 = backend(planes, options.Batch);
        using var int8 = float32.Quantize(planes, options.Batch);
        using var runner = new PackedRunner(model, new PackedRunnerOptions { Mode = options.Mode });
        var rounds = TakeTurns([new(() => runner.Run(images)), new(float32.Run, float32), new(int8.Run, int8)], options, cancellation);
        return new PeerTiming(float32.Name, float32.Network, Milliseconds(rounds, 0, options), Numbers(float32, 1), Numbers(int8, 2), rounds.Count);

        PeerNumbers Numbers(IReferenceBackend peer, int run) => new(peer.Bytes, Milliseconds(rounds, run, options), RatioToFirst(rounds, run));
    }

    private static Spread Milliseconds(List<double[]> rounds, int run, BenchOptions options) => Spread.Of(rounds.Select(round => 1000.0 / options.Batch * round[run]));

    private static Spread RatioToFirst(List<double[]> rounds, int run) => Spread.Of(rounds.Select(round => round[run] / round[0]));

    /// <summary>Turns of about 20 ms each; a round is one turn of each, and its ratios are hardly touched by what changes more slowly than that.</summary>
    /// <returns>Seconds per call, by round.</returns>
    private static List<double[]> TakeTurns(Contender[] runs, BenchOptions options, CancellationToken cancellation)
    {
        var calls = Array.ConvertAll(runs, run => run.Measure(() => Calibrate(run.Call, options, cancellation)));
        var rounds = new List<double[]>();
        var clock = Stopwatch.StartNew();
        while (rounds.Count < LeastRounds || clock.Elapsed.TotalSeconds < runs.Length * options.Seconds)
        {
            cancellation.ThrowIfCancellationRequested();
            rounds.Add([.. runs.Zip(calls, (run, count) => run.Measure(() => Turn(run.Call, count)))]);
        }

        return rounds;
    }

    /// <summary>Calls until the code is compiled as well as it ever will be: it was called often enough, and nothing has been compiled for a while.</summary>
    private static void WarmUp(Action call, BenchOptions options, CancellationToken cancellation)
    {
        var (clock, cpu) = (Stopwatch.StartNew(), CpuClock.Now());
        var (compiled, since, calls) = (JitInfo.GetCompiledMethodCount(), TimeSpan.Zero, 0);
        do
        {
            calls += Repeat(call, 0, LeastCalls, cancellation).Count;
            if (JitInfo.GetCompiledMethodCount() is var now && now != compiled)
            {
                (compiled, since) = (now, clock.Elapsed);
            }
        }
        while (CpuClock.Now() - cpu < MostWarmUp
            && (calls < WarmUpCalls || clock.Elapsed - since < Quiet || clock.Elapsed.TotalSeconds < options.Seconds * WarmUpShare));
    }

    /// <summary>Warms up and says how many calls fill a turn.</summary>
    private static int Calibrate(Action call, BenchOptions options, CancellationToken cancellation)
    {
        WarmUp(call, options, cancellation);
        return int.Max(1, (int)(TurnSeconds / double.Max(Turn(call, LeastCalls), 1e-9)));
    }

    /// <summary>Seconds per call.</summary>
    private static double Turn(Action call, int calls)
    {
        var start = CpuClock.Now();
        for (var i = 0; i < calls; i++)
        {
            call();
        }

        return (CpuClock.Now() - start) / calls;
    }

    /// <summary>Calls until the time is over and returns the seconds of each call.</summary>
    private static List<double> Repeat(Action call, double seconds, int leastCalls, CancellationToken cancellation)
    {
        var times = new List<double>();
        var clock = Stopwatch.StartNew();
        while (times.Count < leastCalls || clock.Elapsed.TotalSeconds < seconds)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            call();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return times;
    }

    /// <summary>Normalised images with mean 0 and deviation 1, from a fixed seed.</summary>
    private static float[] Draw(int count)
    {
        var random = new Random(1);
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = (float)(((2 * random.NextDouble()) - 1) * Math.Sqrt(3));
        }

        return numbers;
    }

    /// <summary>From channels innermost to planes.</summary>
    private static float[] ToPlanes(float[] images, PackedModel model, int batch)
    {
        var (channels, plane) = (model.Graph.Input.Channels, model.Graph.Input.Height * model.Graph.Input.Width);
        var result = new float[images.Length];
        for (var i = 0; i < images.Length; i++)
        {
            var (image, pixel, channel) = (i / (plane * channels), i / channels % plane, i % channels);
            result[(((image * channels) + channel) * plane) + pixel] = images[i];
        }

        return result;
    }

    /// <summary>Something that takes turns.</summary>
    /// <param name="Call">Does it once.</param>
    /// <param name="Owner">Whose thread it has to run on; null for this one.</param>
    private sealed record Contender(Action Call, IReferenceBackend? Owner = null)
    {
        /// <summary>Measures on the thread where the call runs.</summary>
        public T Measure<T>(Func<T> measurement) => Owner is null ? measurement() : Owner.Measure(measurement);
    }
}
