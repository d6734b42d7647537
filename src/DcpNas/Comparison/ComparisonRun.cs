using System.Text.Json.Nodes;
using DcpNas.Native;
using DcpNas.Runs;

namespace DcpNas.Comparison;

/// <summary>One comparison in its folder: starts or resumes its queue, and keeps its result up to date.</summary>
public static class ComparisonRun
{
    /// <summary>Does all jobs that are not finished.</summary>
    /// <param name="options">The comparison.</param>
    /// <param name="folderPath">Its folder; the same options in the same folder resume, and rows and seeds may be added.</param>
    /// <param name="command">The command line that repeats this.</param>
    /// <param name="observer">Is told what happens.</param>
    /// <param name="cancel">Stops at the next step, after a checkpoint.</param>
    /// <returns>The rows, the result as JSON, and where it lies.</returns>
    /// <exception cref="InputException">Options, data or folder cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the folder resumes.</exception>
    public static ComparisonOutcome Execute(ComparisonOptions options, string folderPath, string command, IComparisonObserver observer, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var setup = ComparisonSetup.Prepare(options);
        using var folder = RunFolder.Start(folderPath, options.ToJson(), RunEnvironment.Collect(Devices.Parse(options.Train.Device).ToString()), command, ComparisonOptions.MayChange);
        var queue = new ComparisonQueue(folder.Path, ComparisonJob.Plan(options), new ComparisonWork(setup, command, observer), observer);
        observer.OnStart(queue.Records, setup.TargetOps);
        try
        {
            queue.Run(() => Report(), cancel);
        }
        catch (OperationCanceledException)
        {
            Report();
            throw;
        }

        var json = Report();
        return new ComparisonOutcome(ComparisonRow.Of(options, queue.Records), json, folder.PathOf(ComparisonReport.HtmlFile), folder.PathOf(ComparisonReport.MarkdownFile));

        JsonObject Report() => ComparisonReport.Write(folder, options, setup.Dataset.Name, setup.TargetOps, queue.Records);
    }
}

/// <summary>What a comparison leaves.</summary>
/// <param name="Rows">One per strategy.</param>
/// <param name="Json">The content of compare.json.</param>
/// <param name="PagePath">The page.</param>
/// <param name="MarkdownPath">The table.</param>
public sealed record ComparisonOutcome(IReadOnlyList<ComparisonRow> Rows, JsonObject Json, string PagePath, string MarkdownPath);
