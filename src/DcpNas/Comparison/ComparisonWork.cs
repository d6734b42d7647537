using DcpNas.Candidates;
using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;
using DcpNas.Training;

namespace DcpNas.Comparison;

/// <summary>The real work of jobs: a search, trainings and their tests in run folders of their own.</summary>
/// <param name="setup">What all jobs share.</param>
/// <param name="command">The command line that resumes them, for their reports.</param>
/// <param name="observer">Is told of warnings.</param>
internal sealed class ComparisonWork(ComparisonSetup setup, string command, IComparisonObserver observer) : IComparisonWork
{
    /// <summary>The folder of a search within that of its job.</summary>
    public const string SearchFolder = "search";

    private const string CpuFile = "cpu.json";
    private const double SearchPart = 0.6; // of the time of a search and its selection, for the progress

    /// <inheritdoc/>
    public FoundGenotype Find(ComparisonJob job, string folder, double? budgetSeconds, Action<double> progress, CancellationToken cancel)
    {
        if (job.Row.Genotype is { } given)
        {
            return new FoundGenotype(given);
        }

        if (job.Row.Kind == RowKind.BestOfRandom)
        {
            return new RandomSelection(setup, command, Warn(job)).Find(job, folder, budgetSeconds, progress, cancel);
        }

        var run = Path.Combine(folder, SearchFolder);
        var meter = new CpuMeter(Path.Combine(folder, CpuFile), job.Row.Search.Device);
        var search = job.Row.Search with { Threads = RunFolder.ThreadsIn(run) ?? job.Row.Search.Threads };
        var outcome = SearchRun.Execute(search, run, command, new SearchShare(Tell, Warn(job)), Warn(job), cancel, setup.Chips);
        FinalizerGate.SafePoint();
        var seconds = job.Row.Search.Row.IsDrawn ? null : meter.Finish();
        if (job.Row.Candidates is not { } count)
        {
            return new FoundGenotype(outcome.Genotype, seconds);
        }

        var selection = new SelectionOptions { Run = run, Candidates = count, CandidateEpochs = job.Row.CandidateEpochs, Train = job.Row.Train with { Seed = job.Seed, Threads = SelectionRun.ThreadsIn(run) ?? job.Row.Train.Threads } };
        var selected = SelectionRun.Execute(
            selection, genotype => setup.SizeOf(genotype, job.Row.Train).Channels, command, (index, share) => progress(SearchPart + ((1 - SearchPart) * (index + share) / count)), Warn(job), cancel, setup.Chips);
        var spent = selected.Candidates.Sum(candidate => candidate.CpuSeconds);
        return new FoundGenotype(
            selected.Genotype, seconds + spent, new CandidateSelection(count, job.Row.CandidateEpochs, BudgetSeconds: null, spent, selected.Best.ValidationTop1));

        void Tell(double share)
        {
            meter.Tell(share);
            progress(job.Row.Candidates is null ? share : share * SearchPart);
        }
    }

    /// <inheritdoc/>
    public JobResult Train(ComparisonJob job, int trainSeed, Genotype genotype, string folder, Action<double> progress, CancellationToken cancel)
    {
        var size = setup.SizeOf(genotype, job.Row.Train);
        var run = Path.Combine(folder, job.TrainFolderOf(trainSeed));
        var options = job.Row.Train with { Genotype = genotype.ToString(), Channels = size.Channels, Seed = trainSeed, Threads = RunFolder.ThreadsIn(run) ?? job.Row.Train.Threads };
        TrainRun.Execute(options, run, command, new TrainShare(progress, Warn(job)), Warn(job), cancel);
        FinalizerGate.SafePoint();
        var tested = ClassificationEvaluationRun.Execute(
            new ClassificationEvaluationOptions { Model = run, Device = options.Device, Threads = options.Threads, Workers = options.Workers, BatchSize = options.BatchSize }, folder: null, (_, _) => { }, cancel);
        return new JobResult(
            size.Channels, setup.NetworkOf(options).Cells, tested.Cost.Total.Ops, (tested.Cost.Total.Ops / setup.TargetOps) - 1, tested.Cost.Total.Mbit,
            tested.Metrics.Images, tested.Metrics.Top1, tested.Metrics.Top5, tested.Metrics.Loss, SearchSeconds(job, folder), SecondsOf(run))
        {
            OnChip = setup.OnChip(job.Row, genotype),
        };
    }

    private static double SearchSeconds(ComparisonJob job, string folder)
    {
        var own = job.GenotypeFrom is { } from && !Directory.Exists(Path.Combine(folder, SearchFolder)) ? Path.Combine(Path.GetDirectoryName(folder)!, from) : folder;
        return job.Row.Kind == RowKind.BestOfRandom ? CandidateTrainings.SecondsIn(own)
            : SecondsOf(Path.Combine(own, SearchFolder)) + CandidateTrainings.SecondsIn(Path.Combine(own, SearchFolder, RunFiles.SelectionFolder));
    }

    private static double SecondsOf(string run) => RunHistory.In(run).TimeSpent.TotalSeconds;

    private Action<string> Warn(ComparisonJob job) => text => observer.OnWarning($"{job.Name}: {text}");
}
