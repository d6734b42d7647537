using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DcpNas.Cli.Bench;

/// <summary>CPU time of this thread: what other programs take of the machine does not count.</summary>
internal static partial class CpuClock
{
    private const int ThreadCpuTimeOnLinux = 3;

    /// <summary>Whether the time is CPU time; elsewhere than on Linux it is wall time.</summary>
    public static bool IsCpuTime => OperatingSystem.IsLinux();

    /// <summary>Seconds from any start.</summary>
    public static double Now() => !IsCpuTime
        ? Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency
        : GetTime(ThreadCpuTimeOnLinux, out var time) == 0
            ? time.Seconds + (time.Nanoseconds / 1e9)
            : throw new PlatformNotSupportedException("clock_gettime does not know the CPU time of a thread.");

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
