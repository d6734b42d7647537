using System.Text.Json.Nodes;

namespace DcpNas.Comparison;

/// <summary>The jobs of a comparison, and how long they will take on this machine.</summary>
/// <param name="Dataset">What is learned from.</param>
/// <param name="TargetOps">The common cost.</param>
/// <param name="Width">How wide networks are, in words.</param>
/// <param name="Jobs">All jobs, in their order.</param>
public sealed record ComparisonPlan(string Dataset, double TargetOps, string Width, IReadOnlyList<PlannedJob> Jobs)
{
    /// <summary>Wall time of all jobs that are not finished, in seconds.</summary>
    public double TotalSeconds => Jobs.Sum(job => job.State == JobState.Finished ? 0 : job.SearchSeconds + job.TrainSeconds);

    /// <summary>Everything, for other programs.</summary>
    public JsonObject ToJson() => new()
    {
        ["dataset"] = Dataset,
        ["target_ops"] = TargetOps,
        ["seconds"] = TotalSeconds,
        ["jobs"] = new JsonArray([.. Jobs.Select(job => new JsonObject
        {
            ["name"] = job.Name,
            ["state"] = $"{job.State}".ToLowerInvariant(),
            ["search_seconds"] = job.SearchSeconds,
            ["train_seconds"] = job.TrainSeconds,
        })]),
    };
}

/// <summary>A job with its predicted time.</summary>
/// <param name="Name">Strategy and seed.</param>
/// <param name="State">How far earlier sessions have brought it.</param>
/// <param name="SearchSeconds">Time of the whole search.</param>
/// <param name="TrainSeconds">Time of the whole training, validation and test included.</param>
public sealed record PlannedJob(string Name, JobState State, double SearchSeconds, double TrainSeconds);
