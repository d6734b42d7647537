using System.Diagnostics;
using System.Text.Json.Nodes;
using DcpNas.Distributed;
using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.Tasks;
using static TorchSharp.torch;

namespace DcpNas.Training;

/// <summary>The training: all stages, epoch by epoch, step by step. Schemes, teachers and optimisers are options, never another loop.</summary>
/// <remarks>
/// The state after a step depends on the state before it, the options and the thread count alone: data order and augmentation come from seed, epoch
/// and index, and random draws from the seed and the step. So a training that resumes from any checkpoint repeats an uninterrupted one bit for bit on CPU.
/// </remarks>
public sealed class TrainLoop
{
    private const int StepsBetweenSafePoints = 20;
    private const int StepsUntilScaleGrows = 2000;
    private readonly TrainingOptions _options;
    private readonly IReadOnlyList<TrainStage> _stages;
    private readonly ITask _task;
    private readonly ITaskData _data;
    private readonly TrainProgress _progress;
    private readonly ITrainObserver _observer;
    private readonly ITrainCheckpoints _checkpoints;
    private readonly ModelStore _models;
    private readonly ICollective _collective = Collective.Current;
    private readonly ShardedPass _pass;
    private TimeSpan _processorTime;

    /// <summary>Prepares a training from the start, or from the progress that a checkpoint restored.</summary>
    public TrainLoop(
        TrainingOptions options, IReadOnlyList<TrainStage> stages, ITask task, ITaskData data, TrainProgress progress,
        ITrainObserver observer, ITrainCheckpoints checkpoints, ModelStore models)
    {
        (_options, _stages, _task, _data, _progress) = (options, stages, task, data, progress);
        (_observer, _checkpoints, _models) = (observer, checkpoints, models);
        StepsPerEpoch = StepsIn(data, options);
        _pass = new ShardedPass(Shards.Of(options.Shards, _collective), _collective);
    }

    /// <summary>Steps of the optimiser in an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Steps of the optimiser in an epoch of some data: batches that do not fill a step are left out.</summary>
    /// <exception cref="OptionsException">An epoch has too few batches for one step.</exception>
    public static int StepsIn(ITaskData data, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        return data.StepsPerEpoch >= options.Accumulate
            ? data.StepsPerEpoch / options.Accumulate
            : throw new OptionsException("options", [$"accumulate must not exceed the {data.StepsPerEpoch} batches of an epoch, got {options.Accumulate}."]);
    }

    /// <summary>Trains to the end; the models of all stages are in the run folder then.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; a checkpoint was written first.</exception>
    /// <exception cref="DivergedException">A loss is not finite.</exception>
    public void Run(CancellationToken cancel)
    {
        var isResumed = _progress.GlobalStep > 0;
        _processorTime = Environment.CpuUsage.TotalTime;
        foreach (var stage in _stages.Where(stage => stage.FirstEpoch + stage.Epochs > _progress.Epoch))
        {
            using var networks = Enter(stage, isResumed);
            using var teacher = LoadTeacher(stage);
            for (var epoch = _progress.Epoch; epoch < stage.FirstEpoch + stage.Epochs; epoch++)
            {
                RunEpoch(networks, teacher, cancel);
                FinishEpoch(networks, cancel);
            }

            isResumed = false;
        }
    }

    /// <summary>Fresh networks with the weights that the stage starts from, or those of the checkpoint.</summary>
    private StageNetworks Enter(TrainStage stage, bool isResumed)
    {
        if (isResumed)
        {
            var restored = new StageNetworks(stage, _task, _options);
            _checkpoints.RestoreNetworks(restored);
            return restored;
        }

        var previous = _stages.TakeWhile(other => other != stage).LastOrDefault();
        Action<TaskNetwork>? start = stage.Name != TrainStage.TeacherName && previous?.Name == TrainStage.Step1Name
            ? network => WeightTransfer.HandOver(_models.PathOf(RunFiles.Step1Model), network)
            : stage.Name != TrainStage.TeacherName && _options.Backbone is { } path
                ? network => WeightTransfer.FromBackbone(path, network)
                : null;
        var networks = new StageNetworks(stage, _task, _options, start);
        (_progress.Best, _progress.BestLoss, _progress.BestEpoch) = (-1, null, -1);
        _observer.OnEvent(stage.FirstEpoch, false, "stage", Describe(stage, previous?.Name == TrainStage.Step1Name));
        if (_progress.GlobalStep > 0)
        {
            _checkpoints.Save(_progress, networks);
        }

        return networks;
    }

    private TrainedModel? LoadTeacher(TrainStage stage)
    {
        if (_options.Teacher is null || !stage.IsTaught)
        {
            return null;
        }

        return TrainedModel.Load(_options.TrainsTeacher ? _models.PathOf(RunFiles.TeacherModel) : _options.Teacher);
    }

    private void RunEpoch(StageNetworks networks, TrainedModel? teacher, CancellationToken cancel)
    {
        networks.Network.train();
        using var batches = _data.Training(_progress.Epoch, _progress.Step * _options.Accumulate).GetEnumerator();
        while (_progress.Step < StepsPerEpoch)
        {
            random.manual_seed(SeededRandom.TorchSeed(_options.Seed, _progress.GlobalStep)); // for drop path
            var step = Step(networks, teacher, batches);
            _progress.Totals.Add(step);
            AddProcessorTime();
            _progress.Step++;
            _progress.GlobalStep++;
            if (networks.Average is not null)
            {
                WeightAverage.Update(networks.Average, networks.Network, _options.EmaDecay, StepInStage(networks.Stage));
            }

            _observer.OnStep(step);
            if (_progress.GlobalStep % StepsBetweenSafePoints == 0)
            {
                FinalizerGate.SafePoint();
            }

            _checkpoints.AfterStep(_progress, networks);
            _collective.StopTogether(() => _checkpoints.Save(_progress, networks), cancel);
        }
    }

    private void AddProcessorTime()
    {
        var now = Environment.CpuUsage.TotalTime;
        _progress.Totals.CpuSeconds += (now - _processorTime).TotalSeconds;
        _processorTime = now;
    }

    /// <summary>One step of the optimiser on the mean gradient of its batches.</summary>
    private TrainStep Step(StageNetworks networks, TrainedModel? teacher, IEnumerator<TaskBatch> batches)
    {
        var (started, waited) = (Stopwatch.GetTimestamp(), _data.Wait);
        var stage = networks.Stage;
        var (at, steps) = (StepInStage(stage), (long)stage.Epochs * StepsPerEpoch);
        var rate = RateSchedule.Rate(_options, at, steps, StepsPerEpoch);
        networks.Network.Backbone.DropPath = RateSchedule.DropPath(_options, at, steps);
        var scale = _options.Precision == MixedPrecision.Fp16 ? _progress.LossScale : 1;
        var (loss, score, images) = (0.0, 0.0, 0L);
        networks.Optimizer.Begin();
        for (var i = 0; i < _options.Accumulate; i++)
        {
            var totals = _pass.Backward(networks.Network, _options.BatchSize, place => Backward(networks, teacher, batches, scale, i, place));
            ThrowIfNotFinite(totals[0], "loss", stage);
            loss += totals[0] / _options.Accumulate;
            score += totals[1];
            images += (long)totals[2];
        }

        var norm = networks.Optimizer.Step(rate, scale);
        if (_options.Precision == MixedPrecision.Fp16)
        {
            AdaptScale(double.IsFinite(norm));
        }
        else
        {
            ThrowIfNotFinite(norm, "norm of the gradient", stage);
        }

        Agreement.Demand(_collective, "norm of the gradient", norm);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new TrainStep(stage, _progress.Epoch, _progress.Step, _progress.GlobalStep, images, loss, score, norm, rate, seconds, (_data.Wait - waited).TotalSeconds);
    }

    /// <summary>Forward and backward of the next batch, or of its next piece: its loss and score, weighted by its share of the batch, and its images.</summary>
    private double[] Backward(StageNetworks networks, TrainedModel? teacher, IEnumerator<TaskBatch> batches, double scale, int round, int place)
    {
        if (!batches.MoveNext())
        {
            throw new InvalidOperationException($"Bug in DcpNas: the epoch ended before step {_progress.Step + 1} of {StepsPerEpoch}.");
        }

        if (_pass.Shards.Count > 1)
        {
            random.manual_seed(_pass.Shards.TorchSeed(_options.Seed, _progress.GlobalStep, place, round));
        }

        using var batch = batches.Current;
        using var scope = NewDisposeScope();
        var (value, output) = Loss(networks.Network, teacher, batch);
        var (number, share) = (value.ToDouble(), _pass.Shards.Share(batch.Count, _options.BatchSize));
        var score = _task.TrainingScore(output, batch);
        Autograd.Backward(value * (share * scale / _options.Accumulate));
        return [number * share, score, batch.Count];
    }

    private (Tensor Loss, TaskOutput Output) Loss(TaskNetwork network, TrainedModel? teacher, TaskBatch batch)
    {
        using var autocast = Autocast.Begin(_options.ComputeType, batch.Images.device);
        IReadOnlyList<Tensor>? taught = null;
        if (teacher is not null)
        {
            using var _ = no_grad();
            taught = teacher.Network.Run(batch.Images).Main;
        }

        var output = network.Run(batch);
        var loss = _task.Loss(output, batch, taught);
        return (_options.Mu > 0 && network.BinaryLayers.Count > 0 ? loss + (network.ReconstructionError() * _options.Mu) : loss, output);
    }

    /// <summary>Validates, logs, keeps the best network, then writes a checkpoint.</summary>
    private void FinishEpoch(StageNetworks networks, CancellationToken cancel)
    {
        var stage = networks.Stage;
        var validation = Validate(networks, cancel);
        var value = validation[_task.PrimaryMetric];
        var loss = ModelSelection.LossOf(validation);
        var isBest = ModelSelection.IsBetter(value, loss, _progress.Best, _progress.BestLoss);
        if (isBest)
        {
            (_progress.Best, _progress.BestLoss, _progress.BestEpoch) = (value, loss, _progress.Epoch);
            if (FileOfBest(stage) is { } name)
            {
                _models.Save(name, stage, networks.Evaluated, How(stage, validation));
            }
        }

        var last = RateSchedule.Rate(_options, StepInStage(stage) - 1, (long)stage.Epochs * StepsPerEpoch, StepsPerEpoch);
        AddProcessorTime();
        _observer.OnEpoch(new TrainEpoch(stage, _progress.Epoch, _progress.Totals, validation, _task.PrimaryMetric, isBest, last));
        var endsStage = _progress.Epoch == stage.FirstEpoch + stage.Epochs - 1;
        if (endsStage && stage.Name == TrainStage.Step1Name)
        {
            _models.Save(RunFiles.Step1Model, stage, networks.Network, How(stage, validation));
        }

        if (endsStage && stage.IsLast)
        {
            _models.Save(RunFiles.LastModel, stage, networks.Evaluated, How(stage, validation));
        }

        _progress.Epoch++;
        _progress.Step = 0;
        _progress.Totals = new TrainTotals();
        FinalizerGate.SafePoint();
        if (!endsStage || stage.IsLast)
        {
            _checkpoints.Save(_progress, networks); // the next stage writes its own when it begins
        }
    }

    private TaskEvaluation Validate(StageNetworks networks, CancellationToken cancel)
    {
        try
        {
            return EvaluationLoop.Run(_task, networks.Evaluated, _data.Validation(), CancellationToken.None);
        }
        catch (NotFiniteException error)
        {
            cancel.ThrowIfCancellationRequested();
            throw Diverged($"On validation images: {error.What.TrimEnd('.')}", networks.Stage);
        }
    }

    private JsonObject How(TrainStage stage, TaskEvaluation validation) => new()
    {
        ["stage"] = stage.Name,
        ["epoch"] = _progress.Epoch,
        ["epochs"] = TrainPlan.Epochs(_stages),
        ["seed"] = _options.Seed,
        ["averaged"] = _options.EmaDecay > 0 && stage.Name != TrainStage.Step1Name,
        ["validation"] = validation.MetricsJson(),
    };

    private static string? FileOfBest(TrainStage stage) => stage.IsLast ? RunFiles.BestModel : stage.Name == TrainStage.TeacherName ? RunFiles.TeacherModel : null;

    private long StepInStage(TrainStage stage) => _progress.GlobalStep - ((long)stage.FirstEpoch * StepsPerEpoch);

    private void AdaptScale(bool isFinite)
    {
        if (!isFinite)
        {
            (_progress.LossScale, _progress.LossScaleSteps) = (Math.Max(1, _progress.LossScale / 2), 0);
        }
        else if (++_progress.LossScaleSteps == StepsUntilScaleGrows)
        {
            (_progress.LossScale, _progress.LossScaleSteps) = (_progress.LossScale * 2, 0);
        }
    }

    private static string Describe(TrainStage stage, bool hasStep1) => stage.Name switch
    {
        TrainStage.TeacherName => $"The real-valued counterpart is trained as teacher for {stage.Epochs} epochs.",
        TrainStage.Step1Name => $"Step 1: binary activations, real weights, {stage.Epochs} epochs.",
        _ when stage.Network.Precision.BinaryWeights => $"{(hasStep1 ? "Step 2" : "One step")}: activations and weights are 1-bit, {stage.Epochs} epochs.",
        _ => $"The real-valued network is trained for {stage.Epochs} epochs.",
    };

    private void ThrowIfNotFinite(double value, string what, TrainStage stage)
    {
        if (!double.IsFinite(value))
        {
            throw Diverged($"The {what} is {value}", stage);
        }
    }

    private DivergedException Diverged(string what, TrainStage stage) => new(
        $"{what} (stage {stage.Name}). {(Checkpoint.Exists(_models.PathOf(RunFiles.Checkpoint)) ? "The last checkpoint is still good" : "There is no checkpoint yet")}: "
        + "start a new run with a lower rate, a smaller gradient_clip or more warmup_epochs.");
}
