using DcpNas.Assessment;
using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Training;

namespace DcpNas.Comparison;

/// <summary>The real work of jobs: a search, a training and a test in run folders of their own.</summary>
/// <param name="setup">What all jobs share.</param>
/// <param name="command">The command line that resumes them, for their reports.</param>
/// <param name="observer">Is told of warnings.</param>
internal sealed class ComparisonWork(ComparisonSetup setup, string command, IComparisonObserver observer) : IComparisonWork
{
    private const string SearchFolder = "search";
    private const string TrainFolder = "train";

    /// <inheritdoc/>
    public Genotype Search(ComparisonJob job, string folder, Action<double> progress, CancellationToken cancel)
    {
        var outcome = SearchRun.Execute(job.Search, Path.Combine(folder, SearchFolder), command, new SearchShare(progress, Warn(job)), Warn(job), cancel);
        FinalizerGate.SafePoint();
        return outcome.Genotype;
    }

    /// <inheritdoc/>
    public JobResult Train(ComparisonJob job, Genotype genotype, string folder, Action<double> progress, CancellationToken cancel)
    {
        var size = setup.SizeOf(genotype);
        var run = Path.Combine(folder, TrainFolder);
        var options = setup.Options.Train with { Genotype = genotype.ToString(), Channels = size.Channels, Seed = job.Seed };
        TrainRun.Execute(options, run, command, new TrainShare(progress, Warn(job)), Warn(job), cancel);
        FinalizerGate.SafePoint();
        var tested = EvaluationRun.Execute(
            new EvaluationOptions { Model = run, Device = options.Device, Threads = options.Threads, Workers = options.Workers, BatchSize = options.BatchSize }, folder: null, (_, _) => { }, cancel);
        return new JobResult(
            size.Channels, setup.Network.Cells, size.Ops, size.Deviation, tested.Cost.Total.Mbit, tested.Metrics.Images, tested.Metrics.Top1, tested.Metrics.Top5, tested.Metrics.Loss,
            SecondsOf(folder, SearchFolder), SecondsOf(folder, TrainFolder));
    }

    private static double SecondsOf(string folder, string part) =>
        new RunHistory(MetricsReader.Read(Path.Combine(folder, part, RunFiles.Metrics))).TimeSpent.TotalSeconds;

    private Action<string> Warn(ComparisonJob job) => text => observer.OnWarning($"{job.Name}: {text}");
}
