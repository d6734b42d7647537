namespace DcpNas.Tests.Foundation;

public sealed class SeededRandomTests
{
    [Fact]
    public void NextUInt64_WithoutKeys_FollowsTheReferenceAlgorithms()
    {
        // The state: the first four numbers that the reference implementation of SplitMix64 gives for the seed 0.
        ulong[] s = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC];
        var random = new SeededRandom();
        Assert.Equal(11091344671253066420, new SeededRandom().NextUInt64());
        for (var i = 0; i < 100; i++)
        {
            var expected = System.Numerics.BitOperations.RotateLeft(s[1] * 5, 7) * 9;
            var t = s[1] << 17;
            s[2] ^= s[0];
            s[3] ^= s[1];
            s[1] ^= s[2];
            s[0] ^= s[3];
            s[2] ^= t;
            s[3] = System.Numerics.BitOperations.RotateLeft(s[3], 45);
            Assert.Equal(expected, random.NextUInt64());
        }
    }

    [Fact]
    public void Shuffle_OfFixedKeys_NeverChanges()
    {
        int[] items = [.. Enumerable.Range(0, 12)];
        new SeededRandom(7, 3, -1).Shuffle(items.AsSpan());
        Assert.Equal([6, 10, 5, 1, 4, 11, 8, 0, 7, 9, 2, 3], items);
    }

    [Fact]
    public void Next_OverManyDraws_IsUniform()
    {
        var random = new SeededRandom(1);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
        {
            counts[random.Next(7)]++;
        }

        // Six standard deviations of a count are 555.
        Assert.All(counts, count => Assert.InRange(count, 9_400, 10_600));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void Next_BoundBelowOne_Throws(int bound) => Assert.Throws<ArgumentOutOfRangeException>(() => new SeededRandom(1).Next(bound));

    [Fact]
    public void Constructor_OrderOrNumberOfKeysDiffers_GivesAnotherStream()
    {
        ulong[] first = [.. new SeededRandom[] { new(1, 2), new(2, 1), new(1), new(1, 2, 0), new(0, 1, 2), new(1, 3) }.Select(random => random.NextUInt64())];
        Assert.Distinct(first);
    }

    [Fact]
    public void Reseed_AfterUse_StartsTheStreamAgain()
    {
        var random = new SeededRandom(4, 5);
        var first = random.NextDouble();
        Assert.NotEqual(first, random.NextDouble());
        random.Reseed(4, 5);
        Assert.Equal(first, random.NextDouble());
        Assert.InRange(first, 0, 1);
    }

    [Fact]
    public void NextBytes_LengthNotAMultipleOfEight_FillsTheLastBytes()
    {
        var seen = new bool[11];
        for (var seed = 0; seed < 20; seed++)
        {
            var bytes = new byte[11];
            new SeededRandom(seed).NextBytes(bytes);
            for (var i = 0; i < bytes.Length; i++)
            {
                seen[i] |= bytes[i] != 0;
            }
        }

        Assert.DoesNotContain(false, seen);
    }

    [Fact]
    public void TorchSeed_OfTwoSeedsAtOneStep_DiffersInTheBitsThatTheGeneratorReads()
    {
        DcpNas.Native.LibTorch.Load();
        Assert.NotEqual(SeededRandom.TorchSeed(0, 7), SeededRandom.TorchSeed(1, 7));
        Assert.NotEqual(Draw(SeededRandom.TorchSeed(0, 7)), Draw(SeededRandom.TorchSeed(1, 7)));
        Assert.Equal(Draw(7), Draw((1L << 32) + 7)); // why a seed may not stand in the upper half
        Assert.InRange(SeededRandom.TorchSeed(-1, long.MaxValue), 0, uint.MaxValue);

        static float[] Draw(long seed)
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            TorchSharp.torch.random.manual_seed(seed);
            return TorchSharp.torch.rand(8).data<float>().ToArray();
        }
    }
}
