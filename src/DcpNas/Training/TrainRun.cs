using System.Diagnostics;
using System.Text.Json.Nodes;
using DcpNas.Distributed;
using DcpNas.Runs;
using DcpNas.Tasks;

namespace DcpNas.Training;

/// <summary>One training in its run folder: starts or resumes it, and leaves models, results and report.</summary>
public static class TrainRun
{
    private const string DeviceKey = "device"; // each rank has a GPU of its own
    private static readonly TimeSpan PrecheckReport = TimeSpan.FromSeconds(10);

    /// <summary>Runs a training to its end.</summary>
    /// <param name="options">Settings; threads 0 is resolved to all cores, the genotype to its text form.</param>
    /// <param name="folderPath">The run folder; the same options in the same folder resume.</param>
    /// <param name="command">The command line that repeats this, for the report.</param>
    /// <param name="observer">Is told what happens, beside the log.</param>
    /// <param name="warn">Is told what a user should know before the training goes on.</param>
    /// <param name="cancel">Stops at the next step, after a checkpoint.</param>
    /// <exception cref="InputException">Options, data or folder cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the folder resumes.</exception>
    /// <exception cref="DivergedException">A loss is not finite; the last checkpoint, if there is one, is good.</exception>
    public static TrainOutcome Execute(
        TrainingOptions options, string folderPath, string command, ITrainObserver observer, Action<string> warn, CancellationToken cancel)
    {
        using var setup = Collective.Current.Together(() => TrainSetup.Prepare(ToResume(options, folderPath)));
        return Execute(setup, folderPath, command, observer, warn, cancel);
    }

    /// <summary>The options of a training that may be resumed: with the threads that it was begun with where they are left open. Processes of MPI share the cores anew.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="folderPath">The run folder; need not exist.</param>
    public static TrainingOptions ToResume(TrainingOptions options, string folderPath)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Collective.Current.Ranks > 1 ? options : options with { Threads = RunFolder.ThreadsKept(folderPath, options.Threads) };
    }

    /// <summary>Runs a prepared training to its end.</summary>
    /// <inheritdoc cref="Execute(TrainingOptions, string, string, ITrainObserver, Action{string}, CancellationToken)"/>
    /// <param name="setup">Stays the caller's.</param>
    /// <param name="folderPath">The run folder.</param>
    /// <param name="command">The command line.</param>
    /// <param name="observer">The observer.</param>
    /// <param name="warn">The warner.</param>
    /// <param name="cancel">Stops.</param>
    public static TrainOutcome Execute(
        TrainSetup setup, string folderPath, string command, ITrainObserver observer, Action<string> warn, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(observer);
        ArgumentNullException.ThrowIfNull(warn);
        var collective = Collective.Current;
        DemandSameOptions(setup, collective);
        var begins = !Checkpoint.Exists(Path.Combine(folderPath, RunFiles.Checkpoint));
        using var folder = collective.Together(() => Begin(setup, folderPath, command, observer, begins, cancel));
        folder.WarnOfChanges(warn);
        foreach (var warning in begins ? setup.Warnings : setup.Bound.Warnings)
        {
            warn(warning);
        }

        if (setup.Network.Genotype is { } genotype)
        {
            genotype.Save(folder.PathOf(RunFiles.Genotype));
        }

        RunLog? log = null;
        try
        {
            var checkpoints = new TrainCheckpoints(
                folder.CheckpointPath, setup.Info, setup.Bound.DataIdentity, setup.Sources, TimeSpan.FromMinutes(setup.Options.CheckpointMinutes), () =>
                {
                    log!.FlushToDisk();
                    return log.Position;
                });
            var restored = collective.Together(() => checkpoints.Restore(warn));
            RankFiles.Send(collective, folder.Path, Handed);
            var progress = restored?.Progress ?? new TrainProgress();
            log = new RunLog(folder, restored?.LogPosition);
            using var models = new ModelStore(folder.Path, setup.Info, setup.Data);
            var observers = new Observers(new TrainRecorder(log, setup.Stages), observer);
            var loop = new TrainLoop(setup.Options, setup.Stages, setup.Task, setup.Data, progress, observers, checkpoints, models);
            observers.OnStart(new TrainStart(setup.Options, setup.Stages, loop.StepsPerEpoch, progress.Epoch, progress.Step, setup.DataDescription));
            if (restored is not null && progress.Epoch < TrainPlan.Epochs(setup.Stages))
            {
                observer.OnEvent(progress.Epoch, false, "resume", $"Resuming at epoch {progress.Epoch + 1}, step {progress.Step + 1}.");
            }

            try
            {
                loop.Run(cancel);
                return Finish(setup, folder, models, observers, log, cancel);
            }
            catch (Exception error) when (error is OperationCanceledException or DivergedException)
            {
                log.FlushToDisk();
                TrainReport.Build(folder);
                throw;
            }
        }
        finally
        {
            log?.Dispose();
        }
    }

    /// <summary>Trains along with rank 0, which writes the run: this rank computes its shards of each batch and leaves nothing.</summary>
    /// <param name="options">The settings of rank 0.</param>
    /// <param name="cancel">Stops all ranks at the next step.</param>
    /// <exception cref="InputException">This rank or another cannot take part.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, here or on another rank.</exception>
    public static void Follow(TrainingOptions options, CancellationToken cancel)
    {
        var collective = Collective.Current;
        using var setup = collective.Together(() => TrainSetup.Prepare(options));
        Follow(setup, cancel);
    }

    /// <summary>The same with a prepared training.</summary>
    /// <inheritdoc cref="Follow(TrainingOptions, CancellationToken)"/>
    /// <param name="setup">Stays the caller's.</param>
    /// <param name="cancel">Stops all ranks.</param>
    public static void Follow(TrainSetup setup, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var collective = Collective.Current;
        DemandSameOptions(setup, collective);
        collective.Together(() => true); // rank 0 opens its folder
        collective.Together(() => true); // and reads its checkpoint
        using var files = RankFiles.Receive(collective, Handed);
        var checkpoints = new FollowerCheckpoints(new TrainCheckpoints(
            Path.Combine(files.Folder, RunFiles.Checkpoint), setup.Info, setup.Bound.DataIdentity, setup.Sources, TimeSpan.MaxValue, () => 0));
        using var models = new ModelStore(files.Folder, setup.Info, setup.Data);
        new TrainLoop(setup.Options, setup.Stages, setup.Task, setup.Data, checkpoints.Progress, new SilentObserver(), checkpoints, models).Run(cancel);
    }

    /// <summary>What another rank needs to go on from the state of rank 0.</summary>
    private static string[] Handed { get; } = [RunFiles.Checkpoint, Checkpoint.PreviousPath(RunFiles.Checkpoint), RunFiles.Step1Model, RunFiles.TeacherModel];

    private static void DemandSameOptions(TrainSetup setup, ICollective collective) =>
        SameOptions.Demand(collective, setup.Options.ToJson(), [.. TrainingOptions.MayChange, DeviceKey]);

    private static RunFolder Begin(TrainSetup setup, string folderPath, string command, ITrainObserver observer, bool begins, CancellationToken cancel)
    {
        if (begins)
        {
            CheckImages(setup, observer, cancel);
        }

        return RunFolder.Start(
            folderPath, setup.Options.ToJson(), RunEnvironment.Collect(setup.Device.ToString()), command, TrainingOptions.MayChange, setup.DiskBytes, setup.Options.BeforeExisting, record: setup.Options.GetType());
    }

    /// <summary>Before there is a run folder, so that images that cannot be used leave none.</summary>
    private static void CheckImages(TrainSetup setup, ITrainObserver observer, CancellationToken cancel)
    {
        var last = Stopwatch.GetTimestamp();
        setup.Bound.CheckImages(
            (done, all) =>
            {
                if (Stopwatch.GetElapsedTime(last) >= PrecheckReport)
                {
                    last = Stopwatch.GetTimestamp();
                    observer.OnEvent(0, false, "images", $"Reading images once, so that a damaged one is found before the training: {done} of {all}.");
                }
            },
            cancel);
    }

    /// <summary>Statistics measured anew where that does no harm on validation images, then the one look at the test images.</summary>
    private static TrainOutcome Finish(TrainSetup setup, RunFolder folder, ModelStore models, ITrainObserver observer, RunLog log, CancellationToken cancel)
    {
        using var best = TrainedModel.Load(models.PathOf(RunFiles.BestModel));
        var epochs = TrainPlan.Epochs(setup.Stages);
        var validation = EvaluationLoop.Run(setup.Task, best.Network, setup.Data.Validation(), cancel);
        if (setup.Options.ReestimateImages > 0)
        {
            validation = Reestimate(setup, best, models, validation, observer, epochs, cancel);
        }

        var test = EvaluationLoop.Run(setup.Task, best.Network, setup.Data.Test(), cancel);
        var cost = setup.Task.Cost(setup.Network);
        folder.WriteText(RunFiles.Cost, cost.SummaryJson().ToJsonString(OptionsJson.Format) + "\n");
        folder.WriteText(RunFiles.Samples, setup.Bound.Samples(best.Network).ToJsonString(OptionsJson.Format) + "\n");
        var results = Results(setup, best, validation, test);
        results["cost"] = new JsonObject
        {
            ["ops"] = cost.Total.Ops,
            ["flops"] = cost.Total.Flops,
            ["bops"] = cost.Total.Bops,
            ["memory_mbit"] = cost.Total.Mbit,
            ["binary_weights"] = cost.Total.BinaryWeights,
            ["real_parameters"] = cost.Total.RealParameters,
        };
        folder.WriteText(RunFiles.Results, results.ToJsonString(OptionsJson.Format) + "\n");
        var metrics = string.Join(", ", test.Metrics.Select(metric => FormattableString.Invariant($"{metric.Key} {metric.Value:0.0000}")));
        log.Append(MetricRecord.OfEvent(epochs, warning: false, MetricFields.FinishedEvent, $"The training is finished. Test: {metrics}."));
        log.FlushToDisk();
        TrainReport.Build(folder);
        return new TrainOutcome(test, validation, cost, results, folder.PathOf(RunFiles.BestModel), folder.PathOf(RunFiles.Report));
    }

    private static TaskEvaluation Reestimate(
        TrainSetup setup, TrainedModel best, ModelStore models, TaskEvaluation before, ITrainObserver observer, int epochs, CancellationToken cancel)
    {
        var metric = setup.Task.PrimaryMetric;
        var images = Math.Min(setup.Options.ReestimateImages, setup.Bound.Images.Training);
        StatisticsReestimation.Run(best.Network, setup.Data.Calibration(images));
        var after = EvaluationLoop.Run(setup.Task, best.Network, setup.Data.Validation(), cancel);
        var helps = !ModelSelection.IsBetter(before[metric], ModelSelection.LossOf(before) ?? double.PositiveInfinity, after[metric], ModelSelection.LossOf(after) ?? double.PositiveInfinity);
        observer.OnEvent(epochs, false, "statistics", FormattableString.Invariant(
            $"Statistics of batch normalisation measured anew on {images} images: validation {metric} {before[metric]:0.0000} before, {after[metric]:0.0000} after; {(helps ? "kept" : "not kept")}."));
        if (helps)
        {
            var how = (JsonObject)best.Training.DeepClone();
            (how["reestimated_images"], how["validation"]) = (images, after.MetricsJson());
            models.Save(RunFiles.BestModel, setup.Stages[^1], best.Network, how);
            return after;
        }

        using var kept = TrainedModel.Load(models.PathOf(RunFiles.BestModel));
        WeightAverage.Copy(best.Network, kept.Network);
        return before;
    }

    private static JsonObject Results(TrainSetup setup, TrainedModel best, TaskEvaluation validation, TaskEvaluation test) => new()
    {
        ["task"] = setup.Task.Name,
        ["primary_metric"] = setup.Task.PrimaryMetric,
        ["dataset"] = setup.Bound.DatasetName,
        ["classes"] = setup.Task.ClassNames.Count,
        ["images"] = new JsonObject
        {
            ["train"] = setup.Bound.Images.Training,
            ["validation"] = setup.Bound.Images.Validation,
            ["test"] = setup.Bound.Images.Test,
            ["test_available"] = setup.Bound.Images.TestAvailable,
        },
        ["seed"] = setup.Options.Seed,
        ["architecture"] = setup.Network.Architecture,
        ["genotype"] = setup.Network.Genotype?.ToString(),
        ["scheme"] = setup.Options.ToJson()["scheme"]!.DeepClone(),
        ["epochs"] = new JsonObject(setup.Stages.Select(stage => KeyValuePair.Create(stage.Name, (JsonNode?)stage.Epochs))),
        ["teacher"] = setup.Options.Teacher,
        ["best_epoch"] = best.Training["epoch"]?.DeepClone(),
        ["validation"] = validation.MetricsJson(),
        ["test"] = test.MetricsJson(),
        ["test_detail"] = test.Detail.DeepClone(),
    };

    /// <summary>Of the other ranks: rank 0 tells and writes what happens.</summary>
    private sealed class SilentObserver : ITrainObserver;

    private sealed class Observers(ITrainObserver first, ITrainObserver second)
        : ObserverPair<TrainStart, TrainStep, TrainEpoch>(first, second), ITrainObserver;
}
