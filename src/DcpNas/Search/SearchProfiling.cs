using System.Diagnostics;
using DcpNas.Data;
using DcpNas.Distributed;
using DcpNas.Runs;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>Runs a few steps of a search, writes nothing but a checkpoint in a temporary folder, and predicts the whole from them.</summary>
public sealed class SearchProfiling
{
    private const int TimedSteps = 2;
    private const int TimedPaths = 4; // sampled networks differ in time
    private const string Selection = "selection";
    private const string Kind = "search";
    private const string Levers = ", image_size, channels or cells, or raise partial_channels (4 lets a quarter of the channels through the mixed operations)";

    // Small batches that show how memory grows, before a full one is dared.
    private static readonly int[] ProbeSizes = [4, 8];

    private readonly SearchSetup _setup;
    private readonly SearchSteps _steps;
    private readonly IReadOnlyList<SearchEpoch> _epochs;
    private readonly Dictionary<string, double> _seconds = [];

    private SearchProfiling(SearchSetup setup)
    {
        _setup = setup;
        _steps = new SearchSteps(setup.Networks, setup.Options, setup.Budget);
        _epochs = SearchSchedule.Plan(setup.Options);
    }

    private SearchOptions Options => _setup.Options;

    /// <summary>One epoch of each phase, with steps of alpha where the phase has any.</summary>
    private IEnumerable<SearchEpoch> Samples => _epochs.GroupBy(epoch => epoch.Phase).Select(phase => phase.MaxBy(epoch => epoch.StepsArchitecture)!);

    /// <summary>Predicts a search. Takes as long as about three steps of each kind.</summary>
    /// <param name="options">The search.</param>
    /// <param name="runFolder">Where it will run, for the free disk space; need not exist.</param>
    /// <param name="cancel">Stops between two steps.</param>
    /// <param name="chips">Measures networks on a chip, for limits on flash, RAM and instructions.</param>
    /// <exception cref="InputException">Options, data or device cannot be used.</exception>
    public static RunPlan Run(SearchOptions options, string runFolder, CancellationToken cancel, IChipMeter? chips = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(runFolder);
        ArgumentNullException.ThrowIfNull(options);
        using var alone = Collective.Use(SingleProcess.Instance);
        using var setup = SearchSetup.Prepare(options with { Shards = 1 }, chips);
        return new SearchProfiling(setup).Predict(options.Shards, runFolder, cancel);
    }

    /// <summary>What a search would lack in memory, from a step of each kind on small batches; null where it fits, or where its batches are small anyway.</summary>
    /// <param name="options">The search.</param>
    /// <param name="begin">Called once the options and the data have been found good.</param>
    /// <param name="chips">As for <see cref="Run"/>.</param>
    /// <exception cref="InputException">Options, data or device cannot be used.</exception>
    public static string? MemoryProblem(SearchOptions options, Action begin, IChipMeter? chips = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(begin);
        using var alone = Collective.Use(SingleProcess.Instance);
        using var setup = SearchSetup.Prepare(options with { Shards = 1 }, chips);
        begin();
        var available = MachineMemory.AvailableBytes();
        return new SearchProfiling(setup).Probe(timedSteps: 0, CancellationToken.None) is { } line
            ? RunPlan.MemoryProblem(Kind, Levers, line.At(setup.Options.BatchSize) * RunPlan.MemoryMargin, available, line.Fitting(available / RunPlan.MemoryMargin))
            : null;
    }

    private RunPlan Predict(int shards, string runFolder, CancellationToken cancel)
    {
        var available = MachineMemory.AvailableBytes();
        var growth = Probe(timedSteps: 1, cancel);
        var dares = growth is not { } line || line.At(Options.BatchSize) * RunPlan.MemoryMargin < available;
        var trialSize = dares ? Options.BatchSize : ProbeSizes[^1];
        if (dares)
        {
            Steps(trialSize, TimedSteps, cancel);
        }

        Evaluation(trialSize, cancel);
        var checkpointBytes = _epochs.Count == 0 ? 0 : Checkpoint(); // a random genotype needs none
        var scale = (double)Options.BatchSize / trialSize;
        var peak = dares ? PeakBytes() : (long)growth!.Value.At(Options.BatchSize);
        var ranks = shards == 1 ? null : new RankPlan(
            shards, sizeof(float) * (_setup.Networks.Child.Network.parameters().Sum(parameter => parameter.numel() + 1) + (3 * _setup.Networks.Child.Architecture.All.Sum(alpha => alpha.numel()))),
            growth is { } memory ? RankPlan.RanksFor(shards).ToDictionary(number => number, number => memory.At(Options.BatchSize / number)) : []);
        var reach = AlphaReach.Of(Options, _setup.Data.StepsPerEpoch);
        return new RunPlan
        {
            Kind = Kind,
            Levers = Levers,
            Dataset = _setup.DataDescription,
            Device = $"{Options.Device}, {Options.Threads} {(Options.Threads == 1 ? "thread" : "threads")}",
            Notes = [.. new[] { reach.Note, ranks?.Note }.OfType<string>()],
            Warnings = reach.Warning is { } warning ? [warning] : [],
            Measures = Measures(reach, ranks),
            Work = [.. Work(scale)],
            IsExtrapolated = !dares,
            PeakMemoryBytes = peak,
            AvailableMemoryBytes = available,
            CheckpointBytes = checkpointBytes,
            DiskBytes = SearchDisk.Bytes(_setup, checkpointBytes),
            FreeDiskBytes = RunPlan.FreeDisk(runFolder),
            FittingBatchSize = dares ? null : growth!.Value.Fitting(available / RunPlan.MemoryMargin),
        };
    }

    private static Dictionary<string, double> Measures(AlphaReach reach, RankPlan? ranks)
    {
        var measures = new Dictionary<string, double> { ["alpha_travel"] = reach.Travel, ["best_operation_ceiling"] = reach.CeilingOfBest };
        if (ranks is not null)
        {
            measures[RankPlan.Measure] = ranks.BytesPerExchange;
        }

        return measures;
    }

    /// <summary>Memory at two small batches, as a line over the batch size; null where the batch is small anyway.</summary>
    private MemoryLine? Probe(int timedSteps, CancellationToken cancel)
    {
        // Chunked curvature splits its batch, which may be too small for it here.
        if (Options.BatchSize <= 2 * ProbeSizes[^1] || _epochs.Count == 0 || Options.Curvature.StartsWith("fisher", StringComparison.Ordinal))
        {
            return null;
        }

        var peaks = new List<long>();
        foreach (var size in ProbeSizes)
        {
            Steps(size, timedSteps, cancel);
            peaks.Add(PeakBytes());
        }

        return new MemoryLine(ProbeSizes[0], peaks[0], ProbeSizes[1], peaks[1]);
    }

    /// <summary>A step of each kind to warm up, then the timed ones; leaves the mean seconds of each kind, of the first step where no other is timed.</summary>
    private void Steps(int size, int timedSteps, CancellationToken cancel)
    {
        foreach (var epoch in Samples)
        {
            var (weights, alpha) = (new List<double>(), new List<double>());
            var rate = SearchSchedule.WeightRate(Options, epoch.Index);
            for (var i = 0; i <= timedSteps; i++)
            {
                cancel.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                using var batch = _setup.Data.Steps(epoch, i % ArchitectureStepsPerEpoch * Options.AlphaInterval).First();
                using var weightPart = Part(batch.Weights[0], size);
                weights.Add(Time(() => _steps.Weights(epoch.Phase, weightPart, rate, i)));
                if (batch.Architecture is { } pieces)
                {
                    using var alphaPart = Part(pieces[0], size);
                    alpha.Add(Time(() => _steps.Architecture(epoch.Phase, alphaPart, rate)));
                }
            }

            _seconds[Name(epoch.Phase, "weights")] = weights.Skip(int.Min(1, timedSteps)).Average();
            if (alpha.Count > 0)
            {
                _seconds[Name(epoch.Phase, "alpha")] = alpha.Skip(int.Min(1, timedSteps)).Average();
            }
        }
    }

    private void Evaluation(int size, CancellationToken cancel)
    {
        foreach (var epoch in Samples)
        {
            cancel.ThrowIfCancellationRequested();
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            using var batch = _setup.Data.Evaluation().First();
            using var part = Part(batch, size);
            var (side, samples) = (_setup.Networks.Of(epoch.Phase), Options.WeightPaths == CandidatePaths.Sampled);
            var evaluation = Seconds(side, part, samples);
            _seconds[Name(epoch.Phase, "evaluation")] = evaluation;
            if (SearchSchedule.SelectionEvaluations(Options) > 0
                && (epoch.Phase == SearchNetworks.DecidingPhase(Options.Strategy) || Options.SelectionScore == SelectionScore.Discrepancy))
            {
                var scoresSamples = Options.Selection == GenotypeSelection.Sampled;
                _seconds[Selection] = _seconds.GetValueOrDefault(Selection) + (scoresSamples == samples ? evaluation : Seconds(side, part, scoresSamples));
            }
        }
    }

    /// <summary>Time of a batch through the mixture of all candidates, or through sampled networks, on average.</summary>
    private static double Seconds(SearchNetworks.Side side, Batch batch, bool isSampled)
    {
        if (!isSampled)
        {
            return Time(() => Objectives.CountCorrect(side.Network.Logits(batch.Images, side.Architecture), batch.Labels));
        }

        var sampler = GenotypeSampler.Of(side.Architecture);
        return Enumerable.Range(0, TimedPaths).Average(path => Time(() => Objectives.CountCorrect(side.Network.Logits(batch.Images, sampler.Draw(path)), batch.Labels)));
    }

    /// <summary>Writes a checkpoint in a temporary folder; returns its size in bytes.</summary>
    private long Checkpoint()
    {
        var folder = Directory.CreateTempSubdirectory("dcpnas-plan-");
        try
        {
            var path = Path.Combine(folder.FullName, RunFiles.Checkpoint);
            using var guard = new SearchGuard(Options, _setup.Networks);
            var checkpoints = new SearchCheckpoints(path, _setup.Networks, guard, _setup.DataIdentity, TimeSpan.MaxValue, () => 0);
            _seconds["checkpoint"] = Time(() => checkpoints.Save(new SearchProgress()));
            return new FileInfo(path).Length;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private int ArchitectureStepsPerEpoch => SearchSchedule.ArchitectureStepsPerEpoch(Options, _setup.Data.StepsPerEpoch);

    private IEnumerable<PlannedWork> Work(double scale)
    {
        var steps = _setup.Data.StepsPerEpoch;
        var evaluated = Math.Max(1, Math.Min(Options.EvaluationImages, _setup.Data.Split.Architecture.Count) / Options.BatchSize); // full batches, or the only one
        foreach (var epochs in _epochs.GroupBy(epoch => epoch.Phase))
        {
            yield return Planned(Name(epochs.Key, "weights"), (long)epochs.Count() * steps, scale);
            if (epochs.Any(epoch => epoch.StepsArchitecture))
            {
                yield return Planned(Name(epochs.Key, "alpha"), (long)epochs.Count(epoch => epoch.StepsArchitecture) * ArchitectureStepsPerEpoch, scale);
            }

            yield return Planned(Name(epochs.Key, "evaluation"), epochs.Count() * (long)evaluated, scale);
        }

        if (SearchSchedule.SelectionEvaluations(Options) is > 0 and var evaluations)
        {
            yield return Planned(Selection, evaluations * (long)evaluated, scale);
        }

        if (_epochs.Count > 0)
        {
            yield return Planned("checkpoint", _epochs.Count, 1);
        }
    }

    private PlannedWork Planned(string name, long count, double scale) => new(name, count, _seconds[name] * scale);

    private static string Name(SearchPhase phase, string what) => $"{phase.ToString().ToLowerInvariant()}_{what}";

    private static Batch Part(Batch batch, int size)
    {
        var count = Math.Min(size, batch.Labels.shape[0]);
        return new Batch(batch.Images.narrow(0, 0, count).DetachFromDisposeScope(), batch.Labels.narrow(0, 0, count).DetachFromDisposeScope(), batch.Step);
    }

    private static double Time(Action work)
    {
        var started = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static long PeakBytes() => (long)(ProcessMemory.PeakMegabytes() * 1e6);
}
