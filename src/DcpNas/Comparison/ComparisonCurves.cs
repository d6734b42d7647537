using DcpNas.Runs;
using DcpNas.Runs.Report;

namespace DcpNas.Comparison;

/// <summary>The learning curves of a comparison, from the logs of its trainings.</summary>
internal static class ComparisonCurves
{
    private const string LastStage = "final";
    private const string Field = "valid_top1";

    /// <summary>A curve per row: the mean over its trainings of the accuracy on validation images.</summary>
    /// <param name="folder">The folder of the comparison.</param>
    /// <param name="result">What it has come to.</param>
    public static LineChart Of(RunFolder folder, ComparisonResult result) => new()
    {
        Title = "Top-1 accuracy on validation images, mean over trainings",
        Width = 760,
        Series = [.. result.Ranked.Where(row => !row.IsShared).Select(row => new ChartSeries(row.Name, Mean(row.Jobs.SelectMany(job => job.Trainings.Select(training => Curve(folder, job, training))))))],
    };

    private static IReadOnlyList<(double Epoch, double Top1)> Curve(RunFolder folder, JobRecord job, TrainingRecord training)
    {
        var log = folder.PathOf(Path.Combine(ComparisonQueue.Folder, job.Name, ComparisonJob.TrainFolderOf(job.Seed, training.Seed), RunFiles.Metrics));
        return new RunHistory(MetricsReader.Read(log)).OverEpochs("", Field, LastStage).Points;
    }

    /// <summary>The mean over curves, epoch by epoch, counted from the first of the last stage.</summary>
    internal static IReadOnlyList<(double X, double Y)> Mean(IEnumerable<IReadOnlyList<(double Epoch, double Top1)>> curves) =>
        [.. curves.SelectMany(curve => curve.Select((point, index) => (Index: index + 1, point.Top1))).GroupBy(point => point.Index).OrderBy(group => group.Key)
            .Select(group => ((double)group.Key, group.Average(point => point.Top1)))];
}
