using DcpNas.Cost;
using DcpNas.Data;
using DcpNas.Distributed;
using DcpNas.Runs;
using DcpNas.Networks;
using DcpNas.SearchSpace;

namespace DcpNas.Search;

/// <summary>One search in its run folder: starts or resumes it, and leaves genotype, cost, drawings and report.</summary>
public static class SearchRun
{
    private const string DeviceKey = "device"; // each rank has a GPU of its own

    /// <summary>Runs a search to its end.</summary>
    /// <param name="options">Settings; threads 0 is resolved to all cores.</param>
    /// <param name="folderPath">The run folder; the same options in the same folder resume.</param>
    /// <param name="command">The command line that repeats this, for the report.</param>
    /// <param name="observer">Is told what happens, beside the log.</param>
    /// <param name="warn">Is told what a user should know before the search goes on.</param>
    /// <param name="cancel">Stops at the next step, after a checkpoint.</param>
    /// <param name="chips">Measures networks on a chip; options that limit flash, RAM or instructions need it.</param>
    /// <exception cref="InputException">Options, data or folder cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the folder resumes.</exception>
    /// <exception cref="DivergedException">A loss is not finite; the last checkpoint is good.</exception>
    public static SearchOutcome Execute(
        SearchOptions options, string folderPath, string command, ISearchObserver observer, Action<string> warn, CancellationToken cancel, IChipMeter? chips = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(observer);
        ArgumentNullException.ThrowIfNull(warn);
        if (options.Chip.IsLimited && chips is null)
        {
            throw ChipBudget.Unmeasured();
        }

        var collective = Collective.Current;
        options = options with { Threads = collective.Ranks > 1 ? options.Threads : RunFolder.ThreadsKept(folderPath, options.Threads) };
        using var setup = collective.Together(() => SearchSetup.Prepare(options, chips));
        DemandSameOptions(setup, collective);
        using var folder = collective.Together(() => RunFolder.Start(
            folderPath, setup.Options.ToJson(), RunEnvironment.Collect(setup.Device.ToString()), command, SearchOptions.MayChange, SearchDisk.Bytes(setup),
            SearchOptions.BeforeExisting, record: typeof(SearchOptions)));
        folder.WarnOfChanges(warn);
        if (ImageSizeNote.Of(options.Dataset, options.ImageSize, new SearchOptions().ImageSize, setup.Data.Dataset.Train) is { } note)
        {
            warn(note);
        }

        using var guard = new SearchGuard(setup.Options, setup.Networks);
        RunLog? log = null;
        try
        {
            var checkpoints = new SearchCheckpoints(
                folder.CheckpointPath, setup.Networks, guard, setup.DataIdentity, TimeSpan.FromMinutes(setup.Options.CheckpointMinutes), () =>
                {
                    log!.FlushToDisk();
                    return log.Position;
                });
            var restored = collective.Together(() => checkpoints.Restore(warn));
            RankFiles.Send(collective, folder.Path, Handed);
            var progress = restored?.Progress ?? new SearchProgress();
            log = new RunLog(folder, restored?.LogPosition);
            var observers = new Observers(new SearchRecorder(log), observer);
            observers.OnStart(new SearchStart(
                setup.Options, SearchSchedule.Plan(setup.Options), setup.Data.StepsPerEpoch, progress.Epoch, progress.Step, setup.DataDescription));
            if (restored is not null && !progress.IsStopped && progress.Epoch < SearchSchedule.Plan(setup.Options).Count)
            {
                observer.OnEvent(progress.Epoch, false, "resume", $"Resuming at epoch {progress.Epoch + 1}, step {progress.Step + 1}.");
            }

            var loop = new SearchLoop(setup.Options, setup.Networks, setup.Data, setup.Budget, guard, progress, observers, checkpoints);
            Genotype genotype;
            try
            {
                genotype = loop.Run(cancel);
            }
            catch (Exception error) when (error is OperationCanceledException or DivergedException)
            {
                log.FlushToDisk();
                SearchReport.Build(folder);
                throw;
            }

            genotype = genotype with
            {
                Size = new GenotypeSize(setup.Options.FinalChannels, setup.Options.FinalCells),
                Provenance = new GenotypeProvenance(
                    setup.Options.Strategy.ToString().ToLowerInvariant(), setup.Options.Seed, setup.Data.Dataset.Name, Path.GetFileName(Path.GetFullPath(folderPath))),
                Decision = setup.Options.Row.IsDrawn ? null : DecisionOf(setup.Networks.Deciding(setup.Options.Strategy).Architecture, genotype),
            };
            if (genotype.Decision is { IsDecided: false } decision)
            {
                log.Append(MetricRecord.OfEvent(Math.Max(0, progress.Epoch - 1), warning: true, MetricFields.UndecidedEvent, decision.Summary));
            }

            var cost = GenotypeCost.Report(genotype, setup.Budget.Geometry);
            var chip = setup.Options.Chip.Target is { } target && chips is not null ? new ChipReading(target, chips.Measure(genotype, setup.Budget.Geometry, target)) : null;
            log.Append(MetricRecord.OfEvent(Math.Max(0, progress.Epoch - 1), warning: false, MetricFields.FinishedEvent, $"The search is finished: {genotype}"));
            log.FlushToDisk();
            if (loop.Scored.Count > 0)
            {
                ScoredGenotypes.Write(folder, loop.Scored);
            }

            WriteResults(folder, genotype, cost, chip);
            return new SearchOutcome(genotype, cost, chip, folder.PathOf(RunFiles.Genotype), folder.PathOf(RunFiles.Report));
        }
        finally
        {
            log?.Dispose();
        }
    }

    /// <summary>Searches along with rank 0, which writes the run: this rank computes its shards of each batch and leaves nothing.</summary>
    /// <param name="options">The settings of rank 0.</param>
    /// <param name="cancel">Stops all ranks at the next step.</param>
    /// <param name="chips">As for rank 0.</param>
    /// <exception cref="InputException">This rank or another cannot take part.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, here or on another rank.</exception>
    public static void Follow(SearchOptions options, CancellationToken cancel, IChipMeter? chips = null)
    {
        var collective = Collective.Current;
        using var setup = collective.Together(() => SearchSetup.Prepare(options, chips));
        DemandSameOptions(setup, collective);
        collective.Together(() => true); // rank 0 opens its folder
        collective.Together(() => true); // and reads its checkpoint
        using var guard = new SearchGuard(setup.Options, setup.Networks);
        SearchProgress? progress;
        using (var files = RankFiles.Receive(collective, Handed))
        {
            progress = new SearchCheckpoints(Path.Combine(files.Folder, RunFiles.Checkpoint), setup.Networks, guard, setup.DataIdentity, TimeSpan.MaxValue, () => 0).Restore(_ => { })?.Progress;
        }

        new SearchLoop(setup.Options, setup.Networks, setup.Data, setup.Budget, guard, progress ?? new SearchProgress(), new SilentObserver(), new NoCheckpoints()).Run(cancel);
    }

    /// <summary>What another rank needs to go on from the state of rank 0.</summary>
    private static string[] Handed { get; } = [RunFiles.Checkpoint, Checkpoint.PreviousPath(RunFiles.Checkpoint)];

    private static void DemandSameOptions(SearchSetup setup, ICollective collective) =>
        SameOptions.Demand(collective, setup.Options.ToJson(), [.. SearchOptions.MayChange, DeviceKey]);

    private static GenotypeDecision DecisionOf(ArchitectureParameters architecture, Genotype genotype) =>
        GenotypeDecision.Of(architecture.Probabilities(CellKind.Normal), architecture.Probabilities(CellKind.Reduction), genotype);

    /// <summary>Writes a found genotype and the drawings of its cells.</summary>
    internal static void WriteGenotype(RunFolder folder, Genotype genotype)
    {
        genotype.Save(folder.PathOf(RunFiles.Genotype));
        folder.WriteText(RunFiles.NormalCell, CellDiagram.Svg(genotype.Normal, "Normal cell"));
        folder.WriteText(RunFiles.ReductionCell, CellDiagram.Svg(genotype.Reduction, "Reduction cell"));
    }

    private static void WriteResults(RunFolder folder, Genotype genotype, CostReport cost, ChipReading? chip)
    {
        WriteGenotype(folder, genotype);
        folder.WriteText(RunFiles.Cost, cost.SummaryJson(chip).ToJsonString(OptionsJson.Format) + "\n");
        SearchReport.Build(folder);
    }

    private sealed class NoCheckpoints : ISearchCheckpoints
    {
        public void AfterStep(SearchProgress progress)
        {
            // Rank 0 writes.
        }

        public void Save(SearchProgress progress)
        {
            // Likewise.
        }
    }

    /// <summary>Of the other ranks: rank 0 tells and writes what happens.</summary>
    private sealed class SilentObserver : ISearchObserver;

    private sealed class Observers(ISearchObserver first, ISearchObserver second)
        : ObserverPair<SearchStart, SearchStep, EpochSummary>(first, second), ISearchObserver
    {
        public void OnEvaluation(int done)
        {
            first.OnEvaluation(done);
            second.OnEvaluation(done);
        }
    }
}

/// <summary>What a search leaves.</summary>
/// <param name="Genotype">The found cells.</param>
/// <param name="Cost">What the final network costs.</param>
/// <param name="Chip">What it takes on the chip that the options name; null where they name none.</param>
/// <param name="GenotypePath">The genotype file.</param>
/// <param name="ReportPath">The report.</param>
public sealed record SearchOutcome(Genotype Genotype, CostReport Cost, ChipReading? Chip, string GenotypePath, string ReportPath);
