using static TorchSharp.torch;

namespace DcpNas.Distributed;

/// <summary>One pass over the shards of a batch: each runs alone, and gradients, running statistics and numbers are added up (<see cref="ShardSum"/>).</summary>
/// <remarks>With one shard a pass is the computation itself, without a copy or a sum.</remarks>
/// <param name="shards">The shards of this process.</param>
/// <param name="collective">The processes.</param>
public sealed class ShardedPass(Shards shards, ICollective collective)
{
    /// <summary>A batch that is not cut, in one process.</summary>
    public static ShardedPass None { get; } = new(Shards.None, SingleProcess.Instance);

    /// <summary>The shards.</summary>
    public Shards Shards => shards;

    /// <summary>The processes.</summary>
    public ICollective Collective => collective;

    /// <summary>Runs backward passes; <c>.grad</c> of the parameters of a network then holds what it held before and the sum over all shards.</summary>
    /// <param name="network">What learns. Its running statistics become the weighted mean of those that each shard leaves.</param>
    /// <param name="images">Images of the batch.</param>
    /// <param name="pass">Forward and backward of a shard of this process; gives numbers, already weighted.</param>
    /// <returns>The sums of the numbers over all shards.</returns>
    public double[] Backward(nn.Module network, int images, Func<int, double[]> pass)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(pass);
        if (shards.Count == 1)
        {
            return pass(0);
        }

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var gradients = new FlatGradients([.. network.parameters()]);
        var statistics = new FlatStatistics([.. network.buffers()]);
        var earlier = gradients.Take();
        using var sum = new ShardSum(collective);
        for (var place = 0; place < shards.Own; place++)
        {
            double[] numbers;
            using (enable_grad())
            {
                statistics.Restore();
                numbers = pass(place);
            }

            using var step = NewDisposeScope();
            var (own, used) = gradients.TakeFlat();
            sum.Add(cat([own, used, statistics.Flat() * shards.Share(shards.Piece(images, place).Count, images)]), numbers);
        }

        var (total, totals) = sum.Total();
        var parts = total.split([gradients.Length, gradients.Count, statistics.Length]);
        gradients.Set(parts[0], parts[1], earlier);
        statistics.Set(parts[2]);
        return totals;
    }

    /// <summary>Adds up a vector and numbers that each shard gives.</summary>
    /// <param name="pass">Computes them for a shard of this process, already weighted.</param>
    /// <returns>The sums; the vector belongs to the current dispose scope.</returns>
    public (Tensor Values, double[] Numbers) Sum(Func<int, (Tensor Values, double[] Numbers)> pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (shards.Count == 1)
        {
            return pass(0);
        }

        using var sum = new ShardSum(collective);
        for (var place = 0; place < shards.Own; place++)
        {
            var (values, numbers) = pass(place);
            sum.Add(values.detach().clone(), numbers);
        }

        return sum.Total();
    }
}
