namespace DcpNas.Data.Detection;

/// <summary>Training and test images.</summary>
/// <param name="Train">Training images.</param>
/// <param name="Test">Test images, none of which is a training image.</param>
/// <param name="Notes">What was left out or changed when the annotations were read, one sentence each.</param>
public sealed record DetectionDatasetPair(IDetectionDataset Train, IDetectionDataset Test, IReadOnlyList<string> Notes)
{
    /// <summary>The honest name for reports.</summary>
    public string Name => Train.Name;
}
