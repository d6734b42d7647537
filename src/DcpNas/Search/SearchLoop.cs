using System.Diagnostics;
using DcpNas.Distributed;
using DcpNas.Native;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>The search: Algorithm 10 of DCP-NAS. Strategies and ablations are options, never another loop.</summary>
/// <remarks>
/// The state after a step depends on the state before it, the options and the thread count alone: data order and augmentation come from seed,
/// epoch and index, and random draws from the seed and the step. So a search that resumes from any checkpoint repeats an uninterrupted one bit for bit on CPU.
/// </remarks>
public sealed class SearchLoop
{
    private const int StepsBetweenSafePoints = 20;
    private const long SeedsOfRandom = 10_000; // between the first genotypes of two seeds of the search
    private readonly SearchOptions _options;
    private readonly SearchNetworks _networks;
    private readonly SearchData _data;
    private readonly CostBudget _budget;
    private readonly ISearchObserver _observer;
    private readonly ISearchCheckpoints _checkpoints;
    private readonly SearchSteps _steps;
    private readonly SearchGuard _guard;
    private readonly SearchProgress _progress;
    private readonly ICollective _collective = Collective.Current;

    /// <summary>Prepares a search from the start, or from the progress that a checkpoint restored.</summary>
    public SearchLoop(
        SearchOptions options, SearchNetworks networks, SearchData data, CostBudget budget, SearchGuard guard, SearchProgress progress,
        ISearchObserver observer, ISearchCheckpoints checkpoints)
    {
        (_options, _networks, _data, _budget, _guard, _progress) = (options, networks, data, budget, guard, progress);
        (_observer, _checkpoints) = (observer, checkpoints);
        _steps = new SearchSteps(networks, options, budget, new ShardedPass(Shards.Of(options.Shards, _collective), _collective));
    }

    /// <summary>The genotypes that the search has scored with the shared weights, the best first; empty where it scores none.</summary>
    public IReadOnlyList<ScoredGenotype> Scored { get; private set; } = [];

    /// <summary>Searches to the end.</summary>
    /// <returns>The genotype, within the budget.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; a checkpoint was written first.</exception>
    /// <exception cref="DivergedException">A loss is not finite.</exception>
    public Genotype Run(CancellationToken cancel)
    {
        foreach (var epoch in SearchSchedule.Plan(_options).Skip(_progress.Epoch).TakeWhile(_ => !_progress.IsStopped))
        {
            if (epoch.BeginsRestart && _progress.Step == 0)
            {
                Restart(epoch);
            }

            if (_options.AlternatesPhases && epoch is { Phase: SearchPhase.Child, BeginsPhase: true } && _progress.Step == 0)
            {
                _networks.InheritFromParent(); // alpha_hat <- alpha, w_hat <- w
            }

            RunEpoch(epoch, cancel);

            if (_options.AlternatesPhases && epoch is { Phase: SearchPhase.Child, EndsPhase: true })
            {
                _networks.ReturnArchitecture(); // alpha <- alpha_hat
            }

            if (epoch.EndsSearch)
            {
                _networks.AddEarlierAlphas();
            }

            FinishEpoch(epoch);
        }

        return Discretize(cancel); // discretise(alpha_hat)
    }

    /// <summary>Another search from fresh weights and a fresh alpha; what the last one found is kept.</summary>
    private void Restart(SearchEpoch epoch)
    {
        _networks.Restart(epoch.Restart);
        (_progress.NormalCell, _progress.ReductionCell) = (CellJudgement.Start, CellJudgement.Start);
        _observer.OnEvent(epoch.Index, false, "restart", $"Restart {epoch.Restart + 1} of {_options.Restarts}: fresh weights and alpha; the alphas are added at the end{(_options.Selection == GenotypeSelection.Sampled ? ", and all supernets score genotypes" : "")}.");
    }

    /// <summary>Weights on the weight half, alpha on the architecture half, batch by batch.</summary>
    private void RunEpoch(SearchEpoch epoch, CancellationToken cancel)
    {
        var rate = SearchSchedule.WeightRate(_options, epoch.Index);
        var waited = _data.Wait;
        foreach (var batch in _data.Steps(epoch, _progress.Step))
        {
            using var taken = batch;
            random.manual_seed(SeededRandom.TorchSeed(_options.Seed, _progress.GlobalStep));

            var started = Stopwatch.GetTimestamp();
            var weights = _steps.Weights(epoch.Phase, batch.Weights, rate, SeedOfStep(), _progress.GlobalStep);
            var weightSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var alpha = batch.Architecture is null ? null : _steps.Architecture(epoch.Phase, batch.Architecture, rate, SeedOfStep(), _progress.GlobalStep);
            DemandAgreement(epoch.Phase);
            var alphaSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds - weightSeconds;

            var step = new SearchStep(epoch, _progress.Step, _progress.GlobalStep, _options.BatchSize, weights, alpha, weightSeconds, alphaSeconds,
                (_data.Wait - waited).TotalSeconds);
            waited = _data.Wait;
            _progress.Totals.Add(step);
            _progress.Step++;
            _progress.GlobalStep++;
            _observer.OnStep(step);
            if (_progress.GlobalStep % StepsBetweenSafePoints == 0)
            {
                FinalizerGate.SafePoint();
            }

            _checkpoints.AfterStep(_progress);
            _collective.StopTogether(() => _checkpoints.Save(_progress), cancel);
        }
    }

    /// <summary>All ranks must hold the same architecture after each step, or they would end with genotypes of their own.</summary>
    private void DemandAgreement(SearchPhase phase)
    {
        var side = _networks.Of(phase);
        var name = phase.ToString().ToLowerInvariant();
        Agreement.Demand(_collective,
        [
            .. side.Architecture.Names.Zip(side.Architecture.All, (parameter, value) => ($"{parameter} of the {name}", value)),
            .. ((CellKind[])[CellKind.Normal, CellKind.Reduction]).Select(kind => ($"psi ({kind.ToString().ToLowerInvariant()} cell) of the {name}", side.Alpha.Backtracking(kind).Psi)),
        ]);
    }

    /// <summary>Measures, judges and logs the epoch, then writes a checkpoint.</summary>
    private void FinishEpoch(SearchEpoch epoch)
    {
        var side = _networks.Of(epoch.Phase);
        var health = SearchHealth.Of(side.Architecture);
        using (NewDisposeScope())
        {
            _observer.OnEpoch(new EpochSummary(
                epoch, _progress.Totals, SupernetTop1(side), health, _networks,
                _budget.ExpectedOps(side.Architecture).ToDouble(), _budget.ExpectedMbit(side.Architecture).ToDouble()));
        }

        if (epoch.StepsArchitecture)
        {
            _guard.Judge(epoch.Index, health, _progress, _observer);
        }

        _progress.Epoch++;
        _progress.Step = 0;
        _progress.Totals = new EpochTotals();
        FinalizerGate.SafePoint();
        _checkpoints.Save(_progress);
    }

    private Genotype Discretize(CancellationToken cancel)
    {
        if (_options.Row.IsDrawn)
        {
            return RandomWithinBudget(cancel);
        }

        var side = _networks.Deciding(_options.Strategy);
        var (genotype, change) = BudgetedDiscretizer.Discretize(side.Architecture, _budget);
        if (_budget.IsLimited)
        {
            _observer.OnEvent(Math.Max(0, _progress.Epoch - 1), false, "budget", change ?? "The strongest genotype keeps to the budget; nothing was changed.");
        }

        return _options.Selection == GenotypeSelection.Argmax ? genotype : Select(side, genotype, cancel);
    }

    /// <summary>Lets held-out images decide instead of alpha's size; both ways name what they did in an event.</summary>
    private Genotype Select(SearchNetworks.Side side, Genotype strongest, CancellationToken cancel)
    {
        var images = _data.Evaluation().ToList();
        var epoch = Math.Max(0, _progress.Epoch - 1);
        try
        {
            if (_options.Selection == GenotypeSelection.Perturbation)
            {
                var chosen = PerturbationSelection.Run(side, images, AfterEvaluation, cancel);
                var isAllowed = _budget.Allows(chosen);
                _observer.OnEvent(epoch, false, "selection", $"Chosen by what the supernet loses without each operation, in {PerturbationSelection.Evaluations} evaluations on {images.Sum(batch => batch.Labels.shape[0])} images; by alpha's size it would be {strongest}.{(isAllowed ? "" : $" It is not taken, because it exceeds the budget ({chosen}): the genotype is that of alpha's size.")}");
                return isAllowed ? chosen : strongest;
            }

            var decides = SearchNetworks.DecidingPhase(_options.Strategy);
            var ranked = SampledSelection.Run(
                side, strongest, _budget, candidate => ScoredGenotype.Of(_networks, candidate, images, decides, _options.SelectionScore),
                changes: _options.SelectionScore == SelectionScore.Loss, _options.SelectionCandidates, _options.Seed, AfterEvaluation, cancel);
            Scored = ranked;
            _observer.OnEvent(epoch, false, "selection",
                $"Of {ranked.Count} genotypes scored with the shared weights the best has {Describe(ranked[0])}; that of alpha's argmax {Describe(ranked.Single(candidate => candidate.Genotype.Equals(strongest)))}.");
            return ranked[0].Genotype;
        }
        finally
        {
            images.ForEach(batch => batch.Dispose());
        }
    }

    private static string Describe(ScoredGenotype scored) => FormattableString.Invariant(
        $"cross entropy {scored.Score.CrossEntropy:0.000}{(scored.Parent is { } parent ? FormattableString.Invariant($" ({parent.CrossEntropy:0.000} with the Parent's)") : "")} and supernet accuracy {scored.Score.Top1 * 100:0.0} %");

    private void AfterEvaluation(int count)
    {
        _observer.OnEvaluation(count);
        if (count % StepsBetweenSafePoints == 0)
        {
            FinalizerGate.SafePoint();
        }
    }

    /// <summary>The first drawn genotype that keeps to the budget, so that the baseline obeys the same limits.</summary>
    private Genotype RandomWithinBudget(CancellationToken cancel) => BudgetedDiscretizer.Random(
        (long)_options.Seed * SeedsOfRandom, _budget,
        "Raise its limits (max_ops, max_memory_mbit, max_flash, max_ram, max_instructions) or make the final network smaller (final_channels, final_cells, final_stem).", cancel).First();

    /// <summary>Accuracy of what the weights learn to serve: all candidates mixed, or a discrete network drawn from alpha for each batch.</summary>
    private double SupernetTop1(SearchNetworks.Side side)
    {
        using var _ = no_grad();
        var sampler = _options.WeightPaths == CandidatePaths.Sampled ? GenotypeSampler.Of(side.Architecture) : null;
        long correct = 0, images = 0;
        foreach (var batch in _data.Evaluation())
        {
            using var scope = NewDisposeScope();
            using var taken = batch;
            correct += Objectives.CountCorrect(side.Network.Logits(batch.Images, side.Architecture, sampler?.Draw(images)), batch.Labels);
            images += batch.Labels.shape[0];
        }

        return images == 0 ? 0 : (double)correct / images;
    }

    /// <summary>Names the path that a step samples, so that the draws need no state in a checkpoint.</summary>
    private long SeedOfStep() => ((long)_options.Seed << 32) + _progress.GlobalStep;
}
