using TorchSharp;

namespace DcpNas.Tasks.Classification;

/// <summary>How labelled images become the batches of a training.</summary>
public sealed record ClassificationDataOptions
{
    /// <summary>Images per batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Names order, augmentation and split.</summary>
    public int Seed { get; init; }

    /// <summary>Share of the training images that is held out.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Training images used, those of validation included; null: all.</summary>
    public int? TrainImages { get; init; }

    /// <summary>Test images used; null: all.</summary>
    public int? TestImages { get; init; }

    /// <summary>Threads that prepare batches.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Where the tensors live; null is the CPU.</summary>
    public torch.Device? Device { get; init; }
}
