using DcpNas.Data.Detection;

namespace DcpNas.Tasks.Detection;

/// <summary>How images with boxes become batches.</summary>
public sealed record DetectionDataOptions : TaskDataOptions
{
    /// <summary>Takes over what the data of every task are told.</summary>
    public DetectionDataOptions(TaskDataOptions common)
        : base(common)
    {
    }

    /// <summary>Side of the network's input, in pixels. Default 64.</summary>
    public int ImageSize { get; init; } = 64;

    /// <summary>Random changes of the training images.</summary>
    public BoxAugmentationOptions Augmentation { get; init; } = new();
}
