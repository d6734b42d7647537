namespace DcpNas.Distributed;

/// <summary>The logical shards of a batch, and those of them that one process computes.</summary>
/// <remarks>
/// A batch is cut into <see cref="Count"/> pieces of images in their order. Each runs forward and backward alone, with the batch statistics of its own images,
/// and what comes out is added up in one binary tree over the pieces. So results depend on the number of shards and never on that of processes.
/// </remarks>
/// <param name="Count">Shards of a batch, a power of two; 1: the batch is not cut.</param>
/// <param name="First">The first shard of this process.</param>
/// <param name="Own">How many shards this process computes.</param>
public sealed record Shards(int Count, int First, int Own)
{
    /// <summary>The most shards.</summary>
    public const int Most = 1024;

    /// <summary>The key of the option.</summary>
    public const string Key = "shards";

    /// <summary>The batch as a whole, in one process.</summary>
    public static Shards None { get; } = new(1, 0, 1);

    /// <summary>The shards of a process among others.</summary>
    /// <param name="count">Shards of a batch.</param>
    /// <param name="collective">The processes.</param>
    /// <exception cref="OptionsException">They cannot be dealt to so many processes.</exception>
    public static Shards Of(int count, ICollective collective)
    {
        ArgumentNullException.ThrowIfNull(collective);
        var ranks = collective.Ranks;
        if (count % ranks != 0)
        {
            throw new OptionsException("options", [$"{Key} must be a multiple of the number of ranks ({ranks}), so that each has as many, got {count}. Use --{Key} {ranks}, or start another number of ranks."]);
        }

        var own = count / ranks;
        return new Shards(count, collective.Rank * own, own);
    }

    /// <summary>What is wrong with a number of shards, one sentence each.</summary>
    /// <param name="count">Shards of a batch.</param>
    /// <param name="batchSize">Images of a batch.</param>
    public static IEnumerable<string> Problems(int count, int batchSize) =>
    [
        .. OptionRules.Check(Collective.IsPowerOfTwo(count) && count <= Most, $"{Key} must be a power of two from 1 to {Most}, got {count}."),
        .. OptionRules.Check(!Collective.IsPowerOfTwo(count) || count == 1 || batchSize >= 2 * count,
            $"{Key} must leave two images or more to each piece of a batch of {batchSize} (batch_size), so at most {Math.Max(1, batchSize / 2)}, got {count}."),
    ];

    /// <summary>The images of a shard of this process in a batch: the first of them and their number.</summary>
    /// <param name="images">Images of the batch.</param>
    /// <param name="place">Which of the shards of this process, from 0.</param>
    public (int First, int Count) Piece(int images, int place)
    {
        var (first, end) = (Start(images, First + place), Start(images, First + place + 1));
        return (first, end - first);
    }

    /// <summary>The weight of a piece of some images in means over a batch.</summary>
    /// <param name="piece">Images of the piece.</param>
    /// <param name="images">Images of the batch.</param>
    public double Share(long piece, int images) => Count == 1 ? 1 : (double)piece / images;

    /// <summary>A seed for what is random in a shard; that of the step where batches are not cut.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="step">The step.</param>
    /// <param name="place">Which of the shards of this process.</param>
    /// <param name="pass">Which pass over the shards within the step.</param>
    public long TorchSeed(long seed, long step, int place, int pass = 0) =>
        Count == 1 ? SeededRandom.TorchSeed(seed, step) : SeededRandom.TorchSeed(seed, step, First + place, pass);

    private int Start(int images, int shard) => (int)((long)images * shard / Count);
}
