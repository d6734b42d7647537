using System.Runtime.InteropServices;

namespace DcpNas.Runtime.Benchmarks;

/// <summary>CPU time of this thread, in nanoseconds: what other programs take of the machine does not count.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static long Now()
    {
        var result = GetTime(ThreadCpuTime, out var time);
        return result == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : throw new PlatformNotSupportedException("clock_gettime failed.");
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
