using DcpNas.Cost;
using DcpNas.Jobs;
using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;
using DcpNas.Training;

namespace DcpNas.Candidates;

/// <summary>Ends a search by trainings: its own genotype and other candidates are trained briefly, the best on validation images is kept.</summary>
/// <remarks>
/// alpha names a good region and hardly orders the networks in it; a quarter of a training does. The candidates come from <see cref="AlphaEvidence"/>, or, where the
/// search has scored genotypes with its shared weights, from these scores (<see cref="ScoredGenotypes"/>). Everything lies
/// in the folder <c>selection</c> of the search: a run folder that resumes, and in it a run folder per candidate.
/// </remarks>
public static class SelectionRun
{
    private const int MostDraws = 10_000;
    private const int MostDrawsInVain = 100; // under limits of a chip, where a draw takes measurements

    /// <summary>Whether a folder holds a selection.</summary>
    public static bool IsIn(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return folder.Options.ContainsKey(SelectionOptions.CandidatesKey);
    }

    /// <summary>The threads that the selection of a search was begun with; null where it was not.</summary>
    /// <param name="run">The run folder of the search.</param>
    public static int? ThreadsIn(string run) => RunFolder.ThreadsIn(Path.Combine(run, RunFiles.SelectionFolder, CandidateTrainings.RunsFolder, "0"));

    /// <summary>Trains the candidates and writes selection.json, genotype.json and the report of the search.</summary>
    /// <param name="options">What is asked.</param>
    /// <param name="command">The command line that resumes it.</param>
    /// <param name="progress">Is told the number of the candidate and the share of its training.</param>
    /// <param name="warn">Is told what a user should know.</param>
    /// <param name="cancel">Stops at the next step, after a checkpoint.</param>
    /// <param name="chips">Measures networks on a chip; limits on flash, RAM or instructions need it.</param>
    /// <param name="processes">Starts trainings as processes (<see cref="Work"/>), several at a time; null: this process does them one after the other.</param>
    /// <exception cref="InputException">Run, options or data cannot be used.</exception>
    /// <exception cref="DivergedException">The training of a candidate failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the folder resumes.</exception>
    public static SelectionOutcome Execute(
        SelectionOptions options, string command, Action<int, double> progress, Action<string> warn, CancellationToken cancel, IChipMeter? chips = null, IJobProcesses? processes = null) =>
        Execute(options, channelsOf: null, command, progress, warn, cancel, chips, processes);

    /// <summary>Trains one candidate of a selection that <see cref="Execute(SelectionOptions, string, Action{int, double}, Action{string}, CancellationToken, IChipMeter, IJobProcesses)"/> has begun.</summary>
    /// <param name="folderPath">The folder of the selection.</param>
    /// <param name="name">The number of the candidate.</param>
    /// <param name="threads">Threads of libtorch where the options leave them open (0).</param>
    /// <param name="command">The command line that repeats this.</param>
    /// <param name="progress">Is told the share that is done.</param>
    /// <param name="warn">Is told what a user should know.</param>
    /// <param name="cancel">Stops at the next step, after a checkpoint.</param>
    /// <exception cref="InputException">There is no such candidate, another process trains it, or options or data cannot be used.</exception>
    public static void Work(string folderPath, string name, int threads, string command, Action<double> progress, Action<string> warn, CancellationToken cancel)
    {
        using var folder = RunFolder.OpenForReading(folderPath);
        var (train, epochs) = SelectionOptions.TrainingOf(folder);
        LibTorch.Load();
        CandidateTrainings.Work(
            folder.Path, name, BriefTraining.Of(train, epochs) with { Threads = train.Threads == 0 ? threads : train.Threads }, command, progress, warn, cancel);
    }

    /// <summary>The same with a width of its own for each genotype.</summary>
    /// <inheritdoc cref="Execute(SelectionOptions, string, Action{int, double}, Action{string}, CancellationToken, IChipMeter, IJobProcesses)"/>
    /// <param name="options">What is asked.</param>
    /// <param name="channelsOf">The width of a genotype's network; null: that of the training.</param>
    /// <param name="command">The command line.</param>
    /// <param name="progress">The observer.</param>
    /// <param name="warn">The warner.</param>
    /// <param name="cancel">Stops.</param>
    /// <param name="chips">Measures networks on a chip.</param>
    /// <param name="processes">Starts trainings as processes, where all have one width.</param>
    internal static SelectionOutcome Execute(
        SelectionOptions options, Func<Genotype, int>? channelsOf, string command, Action<int, double> progress, Action<string> warn, CancellationToken cancel,
        IChipMeter? chips = null, IJobProcesses? processes = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(warn);
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new OptionsException("options", problems);
        }

        LibTorch.Load();
        using var run = RunFolder.OpenForReading(options.Run);
        var search = SearchOf(run);
        var own = File.Exists(run.PathOf(RunFiles.Genotype))
            ? Genotype.Load(run.PathOf(RunFiles.Genotype))
            : throw InputException.InFile(run.Path, RunFiles.Genotype, "the genotype of a finished search", "no such file", "Run the search to its end first.");
        var train = options.Train with { Threads = options.Train.Threads == 0 ? ThreadsIn(options.Run) ?? Environment.ProcessorCount : options.Train.Threads };
        if (channelsOf is null)
        {
            train = train with { Channels = train.Channels ?? own.Size?.Channels, Cells = train.Cells ?? own.Size?.Cells }; // as train does with the file of the genotype
        }

        var limits = options.Chip.Or(search.Chip);
        var network = limits.Target is { } target && chips is not null ? NetworkOf(train, own, target.Core, chips) : null;
        if (limits.IsLimited && network is null)
        {
            throw ChipBudget.Unmeasured();
        }

        var chip = limits.IsLimited ? new ChipBudget(limits, network!, chips!, sizePrefix: "") : null;
        var before = CandidateTrainings.CountIn(run.PathOf(RunFiles.SelectionFolder)); // an earlier call may have trained more: they stay, and have their origin
        var (drawn, scored) = Draw(run, search, own, Math.Max(options.Candidates, before), chip, warn, cancel);
        var candidates = drawn.Take(options.Candidates).ToList();
        if (candidates.Count < options.Candidates)
        {
            warn($"Alpha is so decided, or the budget so tight, that draws gave {candidates.Count} different genotypes instead of {options.Candidates}.");
        }

        var epochs = BriefTraining.Epochs(options.CandidateEpochs, train);
        var stored = processes is null ? train : train with { Threads = options.Train.Threads }; // 0: each process has its own share
        using var folder = RunFolder.Start(
            run.PathOf(RunFiles.SelectionFolder), (options with { Train = stored }).ToJson(), RunEnvironment.Collect(train.Device), command, SelectionOptions.MayChange,
            record: typeof(SelectionOptions));
        folder.WarnOfChanges(warn);
        var trainings = new CandidateTrainings(folder.Path, budgetSeconds: null);
        if (processes is null)
        {
            trainings.Run(
                () => trainings.Trained.Count >= candidates.Count,
                index => (candidates[index], BriefTraining.Of(train, epochs) with { Channels = channelsOf?.Invoke(candidates[index]) ?? train.Channels }),
                command, progress, warn, cancel);
        }
        else
        {
            trainings.Run(candidates, processes, progress, warn, cancel);
        }

        var best = BriefTraining.Best(trainings.Trained);
        var genotype = Genotype.Parse(best.Genotype) with { Size = SizeOf(train, own), Provenance = own.Provenance };
        SearchRun.WriteGenotype(folder, genotype);
        var outcome = new SelectionOutcome(genotype, trainings.Trained, epochs, folder.PathOf(RunFiles.Genotype))
        {
            Scored = scored,
            IsFitted = !candidates[0].Equals(own),
            Limits = limits,
            Chips = network is null ? [] : [.. trainings.Trained.Select(record => new ChipReading(limits.Target!, chips!.Measure(Genotype.Parse(record.Genotype), network, limits.Target!)))],
        };
        folder.WriteText(RunFiles.Selection, JsonFiles.Format(outcome.ToJson()));
        SearchReport.Build(run);
        return outcome;
    }

    /// <summary>
    /// The search's own genotype, then the best that it has scored with its shared weights, then different draws from alpha, all fitted to the budget; fewer where there are no
    /// more. Also how many of them were scored.
    /// </summary>
    private static (List<Genotype> Candidates, int Scored) Draw(RunFolder run, SearchOptions search, Genotype own, int count, ChipBudget? chip, Action<string> warn, CancellationToken cancel)
    {
        using var architecture = SearchCheckpoints.ReadArchitecture(run.CheckpointPath, search, warn);
        using var setup = search.MaxOps is null && search.MaxMemoryMbit is null ? null : SearchSetup.Prepare(search);
        var budget = setup is null && chip is null ? null : new CostBudget(search, setup?.Budget.Geometry ?? chip!.Network, chip);
        if (budget is not null)
        {
            BudgetedDiscretizer.ThrowIfImpossible(budget);
        }

        var sampler = AlphaEvidence.Sampler(architecture);
        List<Genotype> candidates = [Fitted(own)];
        if (!candidates[0].Equals(own))
        {
            warn($"The search's own genotype needs {budget!.Describe(own)}; the first candidate is the nearest within the budget: {budget.Describe(candidates[0])}.");
        }

        var ranked = search.Selection == GenotypeSelection.Sampled ? ScoredGenotypes.Read(run) : [];
        candidates.AddRange(ScoredGenotypes.Diverse(ranked, count).Select(Fitted).Where(genotype => !genotype.Equals(candidates[0])).Distinct().Take(count - 1));
        var scored = ranked.Count == 0 ? 0 : candidates.Count;
        var inVain = 0;
        for (var draw = 0L; draw < MostDraws && candidates.Count < count && (chip is null || inVain < MostDrawsInVain); draw++)
        {
            cancel.ThrowIfCancellationRequested();
            var genotype = Fitted(sampler.Draw(((long)search.Seed * MostDraws) + draw));
            inVain++;
            if (!candidates.Contains(genotype))
            {
                candidates.Add(genotype);
                inVain = 0;
            }
        }

        return (candidates, scored);

        Genotype Fitted(Genotype genotype) => budget is null ? genotype : BudgetedDiscretizer.Fit(genotype, architecture, budget);
    }

    /// <summary>The network that a training will make of a genotype, apart from its cells; checks the options of the training.</summary>
    private static NetworkGeometry NetworkOf(TrainOptions train, Genotype genotype, string core, IChipMeter chips)
    {
        ChipBudget.DemandCore(core, chips);
        using var setup = TrainSetup.Prepare(train with { Genotype = genotype.ToString() });
        return setup.Network.Geometry(setup.Task.ClassNames.Count);
    }

    private static GenotypeSize? SizeOf(TrainOptions train, Genotype own) =>
        train is { Channels: { } channels, Cells: { } cells } ? new GenotypeSize(channels, cells) : own.Size;

    private static SearchOptions SearchOf(RunFolder run)
    {
        var search = SearchOptions.Of(run);
        return !search.Row.IsDrawn
            ? search
            : throw new InputException($"{run.Path}: strategy random has no alpha to draw candidates from. Name a search of another strategy, or compare with the row random_k.");
    }
}
