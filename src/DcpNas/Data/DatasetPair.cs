namespace DcpNas.Data;

/// <summary>Training and test images of a data set, with what a loader needs to know about them.</summary>
/// <param name="Train">Training images; a search splits them again (<see cref="DataSplit"/>).</param>
/// <param name="Test">Test images; for an image folder, those of <c>val</c>.</param>
/// <param name="Statistics">Normalisation, from the training images.</param>
/// <param name="Augmentation">The usual augmentation for final training. A search follows DARTS and leaves Cutout out.</param>
public sealed record DatasetPair(IImageDataset Train, IImageDataset Test, ChannelStatistics Statistics, AugmentationOptions Augmentation)
{
    /// <summary>The honest name for reports.</summary>
    public string Name => Train.Name;
}
