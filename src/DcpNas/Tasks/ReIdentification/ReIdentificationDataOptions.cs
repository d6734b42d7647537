using DcpNas.Data;
using TorchSharp;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>How images of persons become the batches of a training.</summary>
public sealed record ReIdentificationDataOptions
{
    /// <summary>Images per training batch, P x K; a multiple of <see cref="ImagesPerPerson"/>.</summary>
    public required int BatchSize { get; init; }

    /// <summary>K: images of each person in a training batch, at least 2.</summary>
    public int ImagesPerPerson { get; init; } = 4;

    /// <summary>Names order, augmentation and split.</summary>
    public int Seed { get; init; }

    /// <summary>Share of the training persons that is held out.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Random changes of the training images.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.None;

    /// <summary>Threads that prepare batches.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Where the tensors live; null is the CPU.</summary>
    public torch.Device? Device { get; init; }
}
