using System.Diagnostics;
using DcpNas.Distributed;
using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.Tasks;
using static TorchSharp.torch;

namespace DcpNas.Training;

/// <summary>Runs a few steps of every stage of a training, writes nothing, and predicts the whole from them.</summary>
public static class TrainProfiling
{
    private const int TimedSteps = 2;
    private const string Kind = "training";
    private const string Levers = ", the size of the images, channels or cells";

    // Small batches that show how memory grows, before a full one is dared.
    private static readonly int[] ProbeSizes = [4, 8];

    /// <summary>Predicts a training. Takes as long as about three steps of each stage.</summary>
    /// <param name="options">The training, of any task.</param>
    /// <param name="runFolder">Where it will run, for the free disk space; need not exist.</param>
    /// <param name="cancel">Stops between two steps.</param>
    /// <exception cref="InputException">Options, data or device cannot be used.</exception>
    public static RunPlan Run(TrainingOptions options, string runFolder, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(runFolder);
        using var alone = Collective.Use(SingleProcess.Instance);
        var shards = options.Shards;
        options = options with { Shards = 1 };
        var available = MachineMemory.AvailableBytes();
        using var setup = TrainSetup.Prepare(options);
        var growth = Probe(options, cancel);
        if (growth is { } line && line.At(options.BatchSize) * RunPlan.MemoryMargin >= available)
        {
            using var small = TrainSetup.Prepare(options with { BatchSize = ProbeSizes[^1] });
            return Predict(setup, small, available, runFolder, line, Ranks(setup, shards, line), cancel);
        }

        return Predict(setup, setup, available, runFolder, null, Ranks(setup, shards, growth), cancel);
    }

    /// <summary>The mean time of one batch of a stage, learned from and looked at, after one to warm up.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="options">The training.</param>
    /// <param name="task">Evaluates.</param>
    /// <param name="batches">At least one batch.</param>
    /// <param name="cancel">Stops between two batches.</param>
    internal static (double Step, double Look) StepSeconds(TrainStage stage, TrainingOptions options, ITask task, IEnumerable<TaskBatch> batches, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var networks = new StageNetworks(stage, task, options);
        networks.Network.train();
        var (steps, looks) = (new List<double>(), new List<double>());
        foreach (var batch in batches.Take(TimedSteps + 1))
        {
            using var taken = batch;
            using var step = NewDisposeScope();
            cancel.ThrowIfCancellationRequested();
            var started = Stopwatch.GetTimestamp();
            networks.Optimizer.Begin();
            Autograd.Backward(task.Loss(networks.Network.Run(batch), batch, null));
            networks.Optimizer.Step(options.Rate);
            steps.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            started = Stopwatch.GetTimestamp();
            using (no_grad())
            {
                networks.Network.eval();
                networks.Network.Run(batch.Images);
                networks.Network.train();
            }

            looks.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return (Mean(steps), Mean(looks));

        static double Mean(List<double> seconds) => seconds.Skip(seconds.Count > 1 ? 1 : 0).Average();
    }

    private static RunPlan Predict(TrainSetup setup, TrainSetup trial, long available, string runFolder, MemoryLine? line, RankPlan? ranks, CancellationToken cancel)
    {
        var options = setup.Options;
        var scale = (double)options.BatchSize / trial.Options.BatchSize;
        var (work, images) = (new List<PlannedWork>(), setup.Bound.Images);
        foreach (var stage in setup.Stages)
        {
            var (step, look) = StepSeconds(stage, trial.Options, trial.Task, trial.Data.Training(0), cancel);
            var taught = stage.IsTaught && options.Teacher is not null ? look : 0; // a teacher looks at every batch; a counterpart costs as much
            work.Add(new PlannedWork($"{stage.Name}_steps", (long)stage.Epochs * TrainLoop.StepsIn(setup.Data, options), (step + taught) * scale * options.Accumulate));
            work.Add(new PlannedWork($"{stage.Name}_evaluation", stage.Epochs, Batches(images.Validation) * look * scale));
            if (stage.IsLast)
            {
                work.Add(new PlannedWork("test", 1, Batches(images.Test + options.ReestimateImages) * look * scale));
            }
        }

        return new RunPlan
        {
            Kind = Kind,
            Levers = Levers,
            Dataset = setup.DataDescription,
            Device = $"{options.Device}, {options.Threads} {(options.Threads == 1 ? "thread" : "threads")}",
            Notes = ranks is null ? [] : [ranks.Note],
            Measures = ranks is null ? new Dictionary<string, double>() : new Dictionary<string, double> { [RankPlan.Measure] = ranks.BytesPerExchange },
            Work = work,
            IsExtrapolated = line is not null,
            PeakMemoryBytes = line is { } growth ? (long)growth.At(options.BatchSize) : PeakBytes(),
            AvailableMemoryBytes = available,
            CheckpointBytes = setup.CheckpointBytes,
            DiskBytes = setup.DiskBytes,
            FreeDiskBytes = RunPlan.FreeDisk(runFolder),
            FittingBatchSize = line?.Fitting(available / RunPlan.MemoryMargin),
        };

        double Batches(int count) => Math.Ceiling((double)count / options.BatchSize);
    }

    /// <summary>What the largest stage sends and holds on several ranks; a rank computes its shards one after the other. Null where batches are not cut.</summary>
    private static RankPlan? Ranks(TrainSetup setup, int shards, MemoryLine? growth)
    {
        if (shards == 1)
        {
            return null;
        }

        var values = setup.Stages.Max(stage =>
        {
            using var scope = NewDisposeScope();
            using var networks = new StageNetworks(stage, setup.Task, setup.Options);
            return networks.Network.parameters().Sum(parameter => parameter.numel() + 1) + networks.Network.buffers().Sum(buffer => buffer.numel());
        });
        return new RankPlan(
            shards, sizeof(float) * values * setup.Options.Accumulate,
            growth is { } line ? RankPlan.RanksFor(shards).ToDictionary(number => number, _ => line.At(setup.Options.BatchSize / shards)) : []);
    }

    /// <summary>Memory at two small batches; null where the batch is small anyway, or is made of persons.</summary>
    private static MemoryLine? Probe(TrainingOptions options, CancellationToken cancel)
    {
        if (options.BatchSize <= 2 * ProbeSizes[^1] || !options.TakesAnyBatchSize)
        {
            return null;
        }

        var peaks = new List<long>();
        foreach (var size in ProbeSizes)
        {
            using var setup = TrainSetup.Prepare(options with { BatchSize = size });
            StepSeconds(setup.Stages[^1], setup.Options, setup.Task, setup.Data.Training(0).Take(1), cancel);
            peaks.Add(PeakBytes());
        }

        return new MemoryLine(ProbeSizes[0], peaks[0], ProbeSizes[1], peaks[1]);
    }

    private static long PeakBytes() => (long)(ProcessMemory.PeakMegabytes() * 1e6);
}
