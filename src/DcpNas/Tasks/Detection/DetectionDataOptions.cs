using DcpNas.Data.Detection;
using TorchSharp;

namespace DcpNas.Tasks.Detection;

/// <summary>How images with boxes become batches.</summary>
public sealed record DetectionDataOptions
{
    /// <summary>Images per batch. Default 16.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Side of the network's input, in pixels. Default 64.</summary>
    public int ImageSize { get; init; } = 64;

    /// <summary>Names the split, the order and the augmentation.</summary>
    public int Seed { get; init; }

    /// <summary>Share of the training images that is held out to select. Default 0.1.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Training images used, those of validation included; null: all.</summary>
    public int? TrainImages { get; init; }

    /// <summary>Test images used; null: all.</summary>
    public int? TestImages { get; init; }

    /// <summary>Random changes of the training images.</summary>
    public BoxAugmentationOptions Augmentation { get; init; } = new();

    /// <summary>Batches that are prepared ahead. Default 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Where images go; null is the CPU.</summary>
    public torch.Device? Device { get; init; }
}
