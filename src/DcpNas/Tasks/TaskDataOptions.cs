using DcpNas.Data;
using DcpNas.Distributed;
using TorchSharp;

namespace DcpNas.Tasks;

/// <summary>How the images of a task become the splits and the batches of a training.</summary>
public record TaskDataOptions
{
    /// <summary>Images per batch.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Names the splits, the order and the augmentation.</summary>
    public int Seed { get; init; }

    /// <summary>Share of the training images, or of their persons, that is held out to select.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Training images used, those of validation included; null: all. Of persons all are used.</summary>
    public int? TrainImages { get; init; }

    /// <summary>Test images used; null: all. Of persons all are used.</summary>
    public int? TestImages { get; init; }

    /// <summary>Threads that prepare batches, or batches that are prepared ahead.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>The pieces of each training batch that this process takes.</summary>
    public Shards Shards { get; init; } = Shards.None;

    /// <summary>Where the tensors live; null is the CPU.</summary>
    public torch.Device? Device { get; init; }

    /// <summary>How images are loaded in their order, without augmentation.</summary>
    internal BatchLoaderOptions Loading(ChannelStatistics statistics) => new()
    {
        BatchSize = BatchSize,
        Workers = Workers,
        Seed = Seed,
        ChannelsLast = true,
        Statistics = statistics,
        Device = Device,
    };
}
