using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.Search;
using DcpNas.SearchSpace;

namespace DcpNas.Populations;

/// <summary>Compares what a search says of the networks of a population with how accurate these are when trained: rank correlations, and the place of the found one.</summary>
public static class RankCorrelationRun
{
    private const int ScoresBetweenSafePoints = 8;

    /// <summary>Scores the networks and writes rank.json and the report of the search.</summary>
    /// <param name="options">What is asked.</param>
    /// <param name="progress">Is told networks done and networks in all.</param>
    /// <param name="warn">Is told what a user should know.</param>
    /// <param name="cancel">Stops between two networks; nothing is written then.</param>
    /// <exception cref="InputException">Run, table or data cannot be used, or do not belong together.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static RankCorrelationOutcome Execute(RankCorrelationOptions options, Action<int, int> progress, Action<string> warn, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(warn);
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new OptionsException("options", problems);
        }

        var table = PopulationTable.Load(options.Population);
        var sample = table.Sample.Take(options.Limit ?? int.MaxValue).ToList();
        if (sample.Count < RankCorrelationOptions.FewestNetworks)
        {
            throw InputException.InFile(options.Population, "its networks", $"at least {RankCorrelationOptions.FewestNetworks} genotypes", $"{sample.Count}", "Train more with dcpnas population.");
        }

        using var run = RunFolder.OpenForReading(options.Run);
        var search = OptionsOf(run, options);
        var trained = SearchSchedule.Plan(search).Select(epoch => epoch.Phase).ToHashSet();
        using var setup = SearchSetup.Prepare(search);
        DemandSameImages(table, options.Population, setup);
        using var guard = new SearchGuard(setup.Options, setup.Networks);
        var reached = new SearchCheckpoints(run.CheckpointPath, setup.Networks, guard, setup.DataIdentity, TimeSpan.MaxValue, () => 0).Restore(warn)
            ?? throw InputException.InFile(run.Path, RunFiles.Checkpoint, "the state of a search", "no such file", "Wait for the first epoch of the search, or resume it.");
        var epochs = SearchSchedule.Plan(search).Count;
        if (reached.Progress.Epoch < epochs)
        {
            warn($"The search has done {reached.Progress.Epoch} of {epochs} epochs; these are the scores of its last checkpoint.");
        }

        var batches = setup.Data.Evaluation().ToList();
        try
        {
            var scoring = batches.Sum(batch => batch.Labels.shape[0]);
            if (options.Images is { } asked && asked > setup.Data.Split.Architecture.Count)
            {
                warn($"images = {asked} is more than the architecture half of the search has ({setup.Data.Split.Architecture.Count}); {scoring} score each network, in full batches.");
            }

            var decides = SearchNetworks.DecidingPhase(search.Strategy);
            var found = FoundGenotype(run);
            var (done, all) = (0, sample.Count + (found is null ? 0 : 1));
            SearchScores Score(Genotype genotype)
            {
                cancel.ThrowIfCancellationRequested();
                var scores = SearchScores.Of(setup.Networks, genotype, batches, decides, trained);
                if (++done % ScoresBetweenSafePoints == 0)
                {
                    FinalizerGate.SafePoint();
                }

                progress(done, all);
                return scores;
            }

            var rows = sample.Select(network => (network, Score(network.Cells()))).ToList();
            FoundNetwork? place = null;
            if (found is not null)
            {
                var known = FoundNetwork.AccuracyOf(options, found, table, warn);
                place = new FoundNetwork(found, Score(found), known?.Accuracy, known?.Source, known is { } one ? table.Percentile(one.Accuracy) : null);
            }

            var outcome = new RankCorrelationOutcome(
                options.Population, reached.Progress.Epoch, epochs, scoring, search.BatchSize, decides.ToString().ToLowerInvariant(), rows, place);
            run.WriteText(RunFiles.Rank, JsonFiles.Format(outcome.ToJson()));
            SearchReport.Build(run);
            return outcome;
        }
        finally
        {
            batches.ForEach(batch => batch.Dispose());
        }
    }

    /// <summary>The options of the search, with the images that score.</summary>
    private static SearchOptions OptionsOf(RunFolder run, RankCorrelationOptions options)
    {
        var search = SearchOptions.Of(run);
        if (search.Row.IsDrawn)
        {
            throw new InputException($"{run.Path}: strategy random trains no supernet, so that it scores nothing. Name a search of another strategy.");
        }

        var fewest = Math.Max(search.BatchSize, search.FewestEvaluationImages);
        if (options.Images < fewest)
        {
            throw new OptionsException("options",
                [$"images must be at least a batch of the search{(fewest > search.BatchSize ? $" for the supernets of each of its {search.Restarts} restarts" : "")}, {fewest}, got {options.Images}: supernets normalise with the statistics of a batch."]);
        }

        return search with { EvaluationImages = options.Images ?? Math.Max(search.EvaluationImages, fewest), Data = options.Data ?? search.Data };
    }

    /// <summary>The genotype that the search ended with: the selected one where candidates were trained.</summary>
    private static Genotype? FoundGenotype(RunFolder run)
    {
        string[] files = [Path.Combine(RunFiles.SelectionFolder, RunFiles.Genotype), RunFiles.Genotype];
        return files.FirstOrDefault(file => File.Exists(run.PathOf(file))) is { } known ? Genotype.Load(run.PathOf(known)) : null;
    }

    private static void DemandSameImages(PopulationTable table, string path, SearchSetup setup)
    {
        var images = setup.Data.Dataset.Train;
        (string Key, string Search)[] facts =
        [
            (PopulationTestbed.KindKey, images.Kind), (PopulationTestbed.ClassesKey, $"{images.ClassNames.Count}"), (PopulationTestbed.SizeKey, PopulationTestbed.SizeOf(images)),
        ];
        foreach (var (key, own) in facts)
        {
            var there = JsonFiles.Show(table.Header.Data[key]);
            if (there != own)
            {
                throw new InputException($"{path}: a population of other images than the search: data.{key}: {there} there, {own} in the search. Use a population on the images of the search.");
            }
        }
    }
}
