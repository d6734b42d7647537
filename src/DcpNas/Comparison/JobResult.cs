using DcpNas.Cost;

namespace DcpNas.Comparison;

/// <summary>What a finished training came to, or the mean of several of the same genotype.</summary>
/// <param name="Channels">Width of the trained network.</param>
/// <param name="Cells">Cells of the trained network.</param>
/// <param name="Ops">Its OPs per image.</param>
/// <param name="OpsDeviation">How far these are off the target, as a share of it.</param>
/// <param name="Mbit">Memory of its weights.</param>
/// <param name="TestImages">Images of the test.</param>
/// <param name="Top1">Share of them that are right.</param>
/// <param name="Top5">Share whose class is among the five likeliest.</param>
/// <param name="Loss">Mean cross entropy on them.</param>
/// <param name="SearchSeconds">Time of the search's steps, over all sessions.</param>
/// <param name="TrainSeconds">Time of the training's steps, over all sessions.</param>
public sealed record JobResult(
    int Channels, int Cells, double Ops, double OpsDeviation, double Mbit, long TestImages, double Top1, double Top5, double Loss, double SearchSeconds, double TrainSeconds)
{
    /// <summary>What the network takes on the chip that its row is limited on; null where it is not.</summary>
    public ChipAmount? OnChip { get; init; }

    /// <summary>The mean of trainings of one genotype; its network is the same in all of them.</summary>
    /// <param name="results">At least one.</param>
    public static JobResult Mean(IReadOnlyList<JobResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return results.Count == 1 ? results[0] : results[0] with
        {
            Top1 = results.Average(result => result.Top1),
            Top5 = results.Average(result => result.Top5),
            Loss = results.Average(result => result.Loss),
            TrainSeconds = results.Average(result => result.TrainSeconds),
        };
    }
}
