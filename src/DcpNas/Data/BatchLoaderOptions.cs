using DcpNas.Distributed;
using TorchSharp;
using static DcpNas.Foundation.OptionRules;

namespace DcpNas.Data;

/// <summary>How a <see cref="BatchLoader"/> cuts a data set into batches.</summary>
public sealed record BatchLoaderOptions
{
    /// <summary>Images per batch, at least 1. Default 64.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Takes the images in a new random order in each epoch, drawn from (<see cref="Seed"/>, epoch). Default: in the given order.</summary>
    public bool Shuffle { get; init; }

    /// <summary>Says which images an epoch takes in which order, in place of <see cref="Shuffle"/>; null: each of them once.</summary>
    public IBatchOrder? Order { get; init; }

    /// <summary>Leaves out a last batch that is not full.</summary>
    public bool DropLast { get; init; }

    /// <summary>Threads that read and augment ahead, 0 to 64; 0 does it on the caller's thread. Does not change any batch. Default 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Finished batches that may wait for the caller, at least 1 (and never less than one per worker). Default 4.</summary>
    public int Prefetch { get; init; } = 4;

    /// <summary>Names the random order and the augmentation.</summary>
    public long Seed { get; init; }

    /// <summary>Lays the images out in channels-last memory; their shape stays <c>[N, C, H, W]</c>.</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>Random changes of the images. Default: none.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.None;

    /// <summary>Normalisation <c>(pixel / 255 - mean) / standard deviation</c>; null leaves pixels in 0..1.</summary>
    public ChannelStatistics? Statistics { get; init; }

    /// <summary>Where the tensors live; null is the CPU.</summary>
    public torch.Device? Device { get; init; }

    /// <summary>The pieces of each full batch that this process takes, each as a batch of its own; <see cref="DropLast"/> must be set where there are more than one.</summary>
    public Shards Shards { get; init; } = Shards.None;

    /// <summary>Every fault of these options, one sentence each; empty if they can be used.</summary>
    /// <param name="data">The images that are to be loaded.</param>
    /// <param name="imageCount">How many of them.</param>
    public IReadOnlyList<string> Problems(IImageDataset data, int imageCount)
    {
        ArgumentNullException.ThrowIfNull(data);
        var (images, statistics) = (Order?.Count ?? imageCount, Statistics);
        return
        [
            .. Check(BatchSize >= 1, $"batch_size must be at least 1, got {BatchSize}."),
            .. Check(imageCount >= 1, $"{data.Name}: there are no images to load."),
            .. Check(imageCount < 1 || !DropLast || BatchSize <= images, $"batch_size must not exceed the {images} images it is taken from, got {BatchSize}."),
            .. Check(Workers is >= 0 and <= 64, $"workers must be from 0 to 64, got {Workers}."),
            .. Check(Prefetch >= 1, $"prefetch must be at least 1, got {Prefetch}."),
            .. Check(statistics is null || (statistics.Mean.Count == data.Channels && statistics.StandardDeviation.Count == data.Channels),
                $"statistics must have one mean and one standard deviation for each of {data.Channels} channels, "
                + $"got {statistics?.Mean.Count} and {statistics?.StandardDeviation.Count}."),
            .. Check(Augmentation.CropArea is null || data is IFullImages,
                $"crop_area needs images of a folder, which are kept in their full size; those of {data.Name} are not."),
            .. Augmentation.Problems(data.Height, data.Width),
        ];
    }
}
