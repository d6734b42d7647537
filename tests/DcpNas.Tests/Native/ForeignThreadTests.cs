using DcpNas.Native;

namespace DcpNas.Tests.Native;

public class ForeignThreadTests
{
    [Fact]
    public void Run_SeveralTimes_IsOnOneThreadThatIsNotTheCallers()
    {
        using var thread = new ForeignThread("test");
        var first = thread.Run(() => Thread.CurrentThread);
        Thread? second = null;
        thread.Run(() => { second = thread.Run(() => Thread.CurrentThread); });

        Assert.NotSame(Thread.CurrentThread, first);
        Assert.Same(first, second);
        Assert.Equal(("test", false, true), (first.Name, first.IsThreadPoolThread, first.IsBackground));
        Assert.NotSame(first, ForeignThread.RunOnce(() => Thread.CurrentThread));
    }

    [Fact]
    public void Run_WorkThatThrows_ThrowsItHereAndGoesOn()
    {
        using var thread = new ForeignThread("test");
        var thrown = new InputException("broken");

        var caught = Assert.Throws<InputException>(() => thread.Run(() => Fail(thrown)));

        Assert.Same(thrown, caught);
        Assert.Contains(nameof(Fail), caught.StackTrace, StringComparison.Ordinal); // where it came from
        Assert.Equal(3, thread.Run(() => 3));
        Assert.Equal("once", Assert.Throws<InputException>(() => ForeignThread.RunOnce<int>(() => throw new InputException("once"))).Message);
    }

    [Fact]
    public void Run_FromManyThreads_DoesOneWorkAfterTheOther()
    {
        using var thread = new ForeignThread("test");
        var (inside, most, sum) = (0, 0, 0);
        Parallel.For(0, 200, number => thread.Run(() =>
        {
            most = int.Max(most, ++inside);
            sum += number;
            inside--;
        }));

        Assert.Equal((1, 19900), (most, sum));
    }

    [Fact]
    public void Dispose_EndsTheThreadOnce()
    {
        var thread = new ForeignThread("test");
        var worker = thread.Run(() => Thread.CurrentThread);

        thread.Dispose();
        thread.Dispose();

        Assert.False(worker.IsAlive);
        Assert.Throws<ObjectDisposedException>(() => thread.Run(() => 1));
    }

    private static int Fail(Exception error) => throw error;
}
