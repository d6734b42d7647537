using DcpNas.Distributed;
using DcpNas.Native;
using DcpNas.Networks.Layers;

using static TorchSharp.torch;

namespace DcpNas.Tests.Distributed;

public class ShardedPassTests
{
    private const int Images = 10;

    public ShardedPassTests() => LibTorch.Load();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Backward_OfAMeanLoss_GivesTheGradientOfTheBatchAndTheMeanStatistics(int ranks)
    {
        var results = ThreadRanks.Run(ranks, collective =>
        {
            using var scope = NewDisposeScope();
            var pass = new ShardedPass(Shards.Of(4, collective), collective);
            using var network = new Net();
            var images = arange(Images * 3, ScalarType.Float32).reshape(Images, 3).sin();
            network.Linear.weight!.grad = ones_like(network.Linear.weight); // of an earlier batch of the same step
            var numbers = pass.Backward(network, Images, place =>
            {
                var (first, count) = pass.Shards.Piece(Images, place);
                var part = images.narrow(0, first, count);
                network.Norm.Apply(part.reshape(count, 3, 1, 1));
                var loss = network.Linear.forward(part).square().mean();
                Autograd.Backward(loss * pass.Shards.Share(count, Images));
                return [loss.ToDouble() * pass.Shards.Share(count, Images), count];
            });
            var whole = network.Linear.forward(images).square().mean();
            var expected = Autograd.Grad([whole], [network.Linear.weight])[0] + 1;
            var means = stack([.. Enumerable.Range(0, 4).Select(shard =>
            {
                var (first, count) = new Shards(4, 0, 4).Piece(Images, shard);
                return images.narrow(0, first, count).mean([0]) * (0.1 * count / Images);
            })]).sum([0L]);
            return (
                Loss: numbers[0] - whole.ToDouble(), Count: numbers[1], Gradient: (network.Linear.weight.grad! - expected).abs().max().ToDouble(),
                Statistics: (network.Norm.get_buffer("running_mean")! - means).abs().max().ToDouble(), Unused: network.Unused.weight!.grad is null,
                Bits: Convert.ToHexString(network.Linear.weight.grad!.contiguous().bytes) + Convert.ToHexString(network.Norm.get_buffer("running_mean")!.contiguous().bytes));
        });

        Assert.All(results, result =>
        {
            Assert.Equal(0, result.Loss, 1e-6);
            Assert.Equal(Images, result.Count);
            Assert.Equal(0, result.Gradient, 1e-6);
            Assert.Equal(0, result.Statistics, 1e-6);
            Assert.True(result.Unused); // no gradient stays none, so that the optimiser lets its moments rest
            Assert.Equal(results[0].Bits, result.Bits);
        });
    }

    [Fact]
    public void Backward_WithOneShard_IsTheComputationItself()
    {
        using var scope = NewDisposeScope();
        using var network = new Net();
        var calls = 0;

        Assert.Equal([7.0], ShardedPass.None.Backward(network, Images, place => [7.0 + calls++ + place]));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Demand_WhereARankHoldsAnotherAlpha_NamesTensorAndRankOnAllOfThem()
    {
        var ended = ThreadRanks.Try(4, collective =>
        {
            using var scope = NewDisposeScope();
            var alpha = zeros(14, 8);
            Agreement.Demand(collective, [("alpha (normal cell) of the child", alpha), ("psi of the child", ones(3))]);
            if (collective.Rank == 2)
            {
                alpha[3, 1] = 1e-7f; // one bit of one value
            }

            Agreement.Demand(collective, [("alpha (normal cell) of the child", alpha), ("psi of the child", ones(3))]);
            return 0;
        });

        Assert.All(ended, one => Assert.StartsWith(
            "The alpha (normal cell) of the child of rank 2 differs from that of rank 0 after the same step.", Assert.IsType<RanksDisagreeException>(one.Error).Message, StringComparison.Ordinal));
    }

    private sealed class Net : nn.Module
    {
        public Net()
            : base(nameof(Net))
        {
            random.manual_seed(1);
            Linear = nn.Linear(3, 2);
            Unused = nn.Linear(3, 2);
            Norm = new BatchNormalization(3);
            register_module("norm", Norm);
            register_module("linear", Linear);
            register_module("unused", Unused);
        }

        public TorchSharp.Modules.Linear Linear { get; }

        public TorchSharp.Modules.Linear Unused { get; }

        public BatchNormalization Norm { get; }
    }
}
