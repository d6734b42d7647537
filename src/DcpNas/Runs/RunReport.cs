using System.Text.Json.Nodes;

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
        return IsTraining(run.Options) ? TrainReport.Build(run) : SearchReport.Build(run);
    }

    /// <summary>Whether options are those of a training; those of a search otherwise.</summary>
    public static bool IsTraining(JsonObject options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.ContainsKey("validation_share");
    }
}
