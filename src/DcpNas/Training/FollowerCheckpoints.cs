namespace DcpNas.Training;

/// <summary>The checkpoint that a rank was handed: it restores from it and writes none, as rank 0 does that.</summary>
/// <param name="handed">Reads it.</param>
internal sealed class FollowerCheckpoints(TrainCheckpoints handed) : ITrainCheckpoints
{
    /// <summary>Where the training goes on.</summary>
    public TrainProgress Progress { get; } = handed.Restore(_ => { })?.Progress ?? new TrainProgress();

    /// <inheritdoc/>
    public void AfterStep(TrainProgress progress, StageNetworks networks)
    {
        // Rank 0 writes.
    }

    /// <inheritdoc/>
    public void Save(TrainProgress progress, StageNetworks networks)
    {
        // Rank 0 writes.
    }

    /// <inheritdoc/>
    public void RestoreNetworks(StageNetworks networks) => handed.RestoreNetworks(networks);
}
