using DcpNas.Distributed;
using DcpNas.Native;
using static TorchSharp.torch;

namespace DcpNas.Tests.Distributed;

public class ShardSumTests
{
    public ShardSumTests() => LibTorch.Load();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Total_OnAnyNumberOfRanks_IsTheSumOfOneBinaryTree(int ranks)
    {
        // Large and small values: every other order of additions gives other bits.
        var leaves = Enumerable.Range(0, 8).Select(shard => Enumerable.Range(0, 200).Select(i => (float)Math.Pow(-1.7, ((i * 7) + (shard * 5)) % 31)).ToArray()).ToArray();
        var tree = Enumerable.Range(0, 200).Select(i => Tree([.. leaves.Select(leaf => leaf[i])])).ToArray();
        var fold = Enumerable.Range(0, 200).Select(i => leaves.Select(leaf => leaf[i]).Aggregate((a, b) => a + b)).ToArray();

        var totals = ThreadRanks.Run(ranks, collective =>
        {
            using var scope = NewDisposeScope();
            var shards = Shards.Of(8, collective);
            using var sum = new ShardSum(collective);
            for (var place = 0; place < shards.Own; place++)
            {
                sum.Add(tensor(leaves[shards.First + place]), [shards.First + place, 0.1]);
            }

            var (values, numbers) = sum.Total();
            return (Values: values.data<float>().ToArray(), numbers);
        });

        Assert.All(totals, total => Assert.Equal(tree, total.Values));
        Assert.NotEqual(fold, tree);
        Assert.All(totals, total => Assert.Equal([28, ((0.1 + 0.1) + (0.1 + 0.1)) + ((0.1 + 0.1) + (0.1 + 0.1))], total.numbers));
    }

    [Fact]
    public void Add_OfMany_KeepsOneVectorPerLevel()
    {
        using var scope = NewDisposeScope();
        using var sum = new ShardSum(SingleProcess.Instance);
        var before = TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (var i = 0; i < 64; i++)
        {
            using var step = NewDisposeScope();
            sum.Add(ones(10), []);
            Assert.InRange(TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount - before, 1, 6);
        }

        Assert.Equal(64, sum.Total().Values.data<float>()[0]);
    }

    private static float Tree(float[] leaves) => leaves.Length == 1 ? leaves[0] : Tree(leaves[..(leaves.Length / 2)]) + Tree(leaves[(leaves.Length / 2)..]);
}
