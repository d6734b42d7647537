namespace DcpNas.Runs;

/// <summary>Builds the report of a run, whatever its kind.</summary>
public static class RunReport
{
    /// <summary>Builds <c>report.html</c> in the run folder.</summary>
    /// <returns>The path of the page.</returns>
    /// <exception cref="InputException">A file of the run is damaged, or the page cannot be written.</exception>
    public static string Build(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Options.ContainsKey("validation_share") ? TrainReport.Build(run) : SearchReport.Build(run);
    }
}
