using DcpNas.Data;

namespace DcpNas.Tests.Data;

public sealed class ImagePrecheckTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Run_OnGoodImages_ReadsEachOnceAndCounts(int threads)
    {
        var (read, seen) = (new int[100], new List<int>());
        ImagePrecheck.Run([.. Enumerable.Range(0, 100)], index => Interlocked.Increment(ref read[index]), threads, (done, all) => seen.Add(done + (1000 * all)), CancellationToken.None);
        Assert.All(read, times => Assert.Equal(1, times));
        Assert.Equal(Enumerable.Range(1, 100).Select(done => 100_000 + done), seen);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Run_OnSeveralBadImages_NamesTheFirst(int threads)
    {
        var error = Assert.Throws<InputException>(() => ImagePrecheck.Run(
            [.. Enumerable.Range(0, 200).Reverse()], index => ThrowIf(index % 50 == 7, $"image {index}"), threads, (_, _) => { }, CancellationToken.None));
        Assert.Equal("image 157", error.Message);

        static void ThrowIf(bool isBad, string message)
        {
            if (isBad)
            {
                throw new InputException(message);
            }
        }
    }

    [Fact]
    public void Run_Cancelled_Stops() => Assert.ThrowsAny<OperationCanceledException>(() =>
        ImagePrecheck.Run([1, 2, 3], _ => { }, 2, (_, _) => { }, new CancellationToken(canceled: true)));
}
