using DcpNas.Comparison;

namespace DcpNas.Cli.Jobs;

/// <summary>Shows one job of a comparison.</summary>
/// <param name="view">Where.</param>
internal sealed class JobObserver(IJobView view) : IComparisonObserver
{
    /// <inheritdoc/>
    public void OnStart(IReadOnlyList<JobRecord> records, ComparisonOptions options, double targetOps)
    {
    }

    /// <inheritdoc/>
    public void OnProgress(ComparisonJob job, JobStage stage, double share) => view.Progress($"{stage}", share);

    /// <inheritdoc/>
    public void OnJob(JobRecord record)
    {
    }

    /// <inheritdoc/>
    public void OnRank(string job, int networks)
    {
    }

    /// <inheritdoc/>
    public void OnWarning(string text) => view.Warn(text);
}
