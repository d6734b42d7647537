using System.Diagnostics;
using System.Text.Json.Nodes;
using DcpNas.Runs;
using static TorchSharp.torch;

namespace DcpNas.Training;

/// <summary>Writes and restores the whole state of a training: weights, their average, optimiser, progress and the place in the log.</summary>
/// <remarks>Random generators need no state here: every draw is seeded by the step it belongs to (<see cref="TrainLoop"/>). The file is a model as well:
/// <see cref="TrainedModel.Load"/> reads the network of the current stage out of it.</remarks>
public sealed class TrainCheckpoints : ITrainCheckpoints
{
    private readonly string _path;
    private readonly ModelInfo _info;
    private readonly DataIdentity _data;
    private readonly IReadOnlyList<TrainSource> _sources;
    private readonly TimeSpan _interval;
    private readonly Func<long> _flushLog;
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Creates the keeper of a run's checkpoints.</summary>
    /// <param name="path">The file.</param>
    /// <param name="info">What is trained.</param>
    /// <param name="data">What identifies the data; another data set is refused on resume.</param>
    /// <param name="sources">Models of other trainings that this one uses; other files are refused on resume.</param>
    /// <param name="interval">Most time between two checkpoints.</param>
    /// <param name="flushLog">Brings the log to the disk and gives its length in bytes.</param>
    public TrainCheckpoints(string path, ModelInfo info, DataIdentity data, IReadOnlyList<TrainSource> sources, TimeSpan interval, Func<long> flushLog) =>
        (_path, _info, _data, _sources, _interval, _flushLog) = (path, info, data, sources, interval, flushLog);

    /// <inheritdoc/>
    public void AfterStep(TrainProgress progress, StageNetworks networks)
    {
        if (Stopwatch.GetElapsedTime(_last) >= _interval)
        {
            Save(progress, networks);
        }
    }

    /// <inheritdoc/>
    public void Save(TrainProgress progress, StageNetworks networks)
    {
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(networks);
        using var scope = NewDisposeScope();
        var state = new JsonObject
        {
            ["progress"] = progress.ToJson(),
            ["stage"] = networks.Stage.Name,
            [Checkpoint.ThreadsKey] = get_num_threads(),
            ["log_position"] = _flushLog(),
            [ModelInfo.Key] = (_info with { Network = networks.Stage.Network }).ToJson(),
        };
        Checkpoint.Describe(state, _data);
        foreach (var source in _sources)
        {
            state[source.Key] = source.Hash;
        }

        using var checkpoint = new Checkpoint(state);
        checkpoint.AddModule(TrainedModel.Prefix, networks.Network);
        if (networks.Average is not null)
        {
            checkpoint.AddModule("average", networks.Average);
        }

        checkpoint.AddOptimizer("optimizer", networks.Optimizer.Inner);
        checkpoint.Save(_path);
        _last = Stopwatch.GetTimestamp();
    }

    /// <summary>The progress of the newest checkpoint and the length of its log; null where there is none yet.</summary>
    /// <param name="warn">Is told when the newest file is damaged and the one before it is used.</param>
    /// <exception cref="InputException">The checkpoint belongs to other data, another thread count, teacher or backbone.</exception>
    public (TrainProgress Progress, long LogPosition)? Restore(Action<string> warn)
    {
        if (!Checkpoint.Exists(_path))
        {
            return null;
        }

        using var checkpoint = Checkpoint.LoadNewest(_path, warn);
        checkpoint.DemandSameRun(_data);
        foreach (var source in _sources.Where(source => checkpoint.State.ContainsKey(source.Key))) // not there in those of older versions
        {
            checkpoint.Demand(source.Key, source.Hash, $"{source.Path} is not the file that the run began with: restore it, or start a new run folder.");
        }

        return (TrainProgress.FromJson(checkpoint.Ask("progress")), checkpoint.Ask("log_position").Whole(0, long.MaxValue));
    }

    /// <inheritdoc/>
    public void RestoreNetworks(StageNetworks networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        // No dispose scope here: the optimiser keeps the tensors that it reads.
        using var checkpoint = Checkpoint.LoadNewest(_path, _ => { }); // Restore has told it
        checkpoint.Demand("stage", networks.Stage.Name, "Start a new run folder.");
        checkpoint.RestoreModule(TrainedModel.Prefix, networks.Network);
        if (networks.Average is not null)
        {
            checkpoint.RestoreModule("average", networks.Average);
        }

        checkpoint.RestoreOptimizer("optimizer", networks.Optimizer.Inner);
    }
}
