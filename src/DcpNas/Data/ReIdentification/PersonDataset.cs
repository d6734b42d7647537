namespace DcpNas.Data.ReIdentification;

/// <summary>The parts of a data set for person re-identification, with what a loader needs to know about them.</summary>
/// <param name="Name">The honest name for reports.</param>
/// <param name="Train">Images to learn from; no person of theirs is among the test images.</param>
/// <param name="Query">The images that are asked for.</param>
/// <param name="Gallery">The images that are ranked; junk is left out, distractors are in.</param>
/// <param name="Statistics">Normalisation.</param>
/// <param name="Warnings">What differs from the official data, one sentence each; empty if nothing does.</param>
public sealed record PersonDataset(
    string Name, IPersonImages Train, IPersonImages Query, IPersonImages Gallery, ChannelStatistics Statistics, IReadOnlyList<string> Warnings)
{
    /// <summary>The number of images that show nobody of the queries: they stay in the gallery and are never asked for nor learned.</summary>
    public const int Distractor = 0;

    /// <summary>The number of junk, which is left out when the data are read.</summary>
    public const int Junk = -1;

    /// <summary>More images of the persons of the queries, for multi-query evaluation: those of the same person and camera are pooled. Null where there are none.</summary>
    public IPersonImages? MoreQueries { get; init; }
}
