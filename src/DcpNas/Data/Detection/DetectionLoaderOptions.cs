using DcpNas.Distributed;

namespace DcpNas.Data.Detection;

/// <summary>How a <see cref="DetectionLoader"/> cuts a data set into batches.</summary>
public sealed record DetectionLoaderOptions
{
    /// <summary>Images per batch, at least 1. Default 16.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Rows of the network's input. Default 64.</summary>
    public int Height { get; init; } = 64;

    /// <summary>Columns of the network's input. Default 64.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Takes the images in a new random order in each epoch, and leaves out a last batch that is not full.</summary>
    public bool Shuffle { get; init; }

    /// <summary>Random changes; null: images are scaled, and boxes stay in pixels of their file.</summary>
    public BoxAugmentationOptions? Augmentation { get; init; }

    /// <summary>Normalisation <c>(pixel / 255 - mean) / standard deviation</c>.</summary>
    public required ChannelStatistics Statistics { get; init; }

    /// <summary>Batches that are prepared ahead, each by a thread of its own; 0 does it on the caller's thread. Does not change any batch. Default 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>The pieces of each batch that this process takes, each as a batch of its own; for shuffled batches, which are all full.</summary>
    public Shards Shards { get; init; } = Shards.None;

    /// <summary>Names the random order and the augmentation.</summary>
    public long Seed { get; init; }
}
