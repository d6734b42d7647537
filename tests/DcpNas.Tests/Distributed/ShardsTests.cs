using DcpNas.Distributed;

namespace DcpNas.Tests.Distributed;

public class ShardsTests
{
    [Theory]
    [InlineData(1, 7)]
    [InlineData(2, 7)]
    [InlineData(4, 64)]
    [InlineData(8, 61)]
    public void Piece_OfAllShards_IsEveryImageOnceWhateverTheRanks(int count, int images)
    {
        for (var ranks = 1; ranks <= count; ranks *= 2)
        {
            var pieces = ThreadRanks.Run(ranks, collective =>
            {
                var shards = Shards.Of(count, collective);
                return Enumerable.Range(0, shards.Own).Select(place => (Piece: shards.Piece(images, place), Seed: shards.TorchSeed(3, 4, place))).ToArray();
            }).SelectMany(own => own).ToList();

            Assert.Equal(Enumerable.Range(0, images), pieces.SelectMany(one => Enumerable.Range(one.Piece.First, one.Piece.Count)));
            Assert.True(pieces.Max(one => one.Piece.Count) - pieces.Min(one => one.Piece.Count) <= 1);
            Assert.Equal(Enumerable.Range(0, count).Select(shard => count == 1 ? SeededRandom.TorchSeed(3, 4) : SeededRandom.TorchSeed(3, 4, shard, 0)), pieces.Select(one => one.Seed));
        }
    }

    [Fact]
    public void Share_OfAllPieces_IsOne()
    {
        var shards = new Shards(8, 0, 8);

        Assert.Equal(1, Enumerable.Range(0, 8).Sum(place => shards.Share(shards.Piece(61, place).Count, 61)), 1e-15);
        Assert.Equal(1, Shards.None.Share(5, 61)); // a batch that is not cut is whole, whatever its size
    }

    [Fact]
    public void Of_MoreRanksThanShards_SaysWhatToDo()
    {
        var ended = ThreadRanks.Try(4, collective => Shards.Of(2, collective));

        Assert.All(ended, one => Assert.Equal(
            ["shards must be a multiple of the number of ranks (4), so that each has as many, got 2. Use --shards 4, or start another number of ranks."],
            Assert.IsType<OptionsException>(one.Error).Problems));
    }

    [Theory]
    [InlineData(3, 64, "shards must be a power of two from 1 to 1024, got 3.")]
    [InlineData(0, 64, "shards must be a power of two from 1 to 1024, got 0.")]
    [InlineData(2048, 4096, "shards must be a power of two from 1 to 1024, got 2048.")]
    [InlineData(8, 15, "shards must leave two images or more to each piece of a batch of 15 (batch_size), so at most 7, got 8.")]
    [InlineData(8, 16, null)]
    [InlineData(1, 1, null)]
    public void Problems_OfANumberThatCannotBe_AreNamed(int count, int batchSize, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected], Shards.Problems(count, batchSize));
}
