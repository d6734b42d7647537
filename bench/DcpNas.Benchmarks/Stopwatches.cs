using System.Diagnostics;

namespace DcpNas.Benchmarks;

/// <summary>Wall and CPU time of one piece of work, in microseconds.</summary>
internal readonly record struct Duration(double Wall, double Cpu)
{
    public static Duration Of(Action work)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        work();
        var wall = Stopwatch.GetElapsedTime(start);
        return new(wall.TotalMicroseconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds);
    }

    public static Duration Median(IEnumerable<Duration> all)
    {
        var list = all.ToList();
        return new(Middle([.. list.Select(d => d.Wall)]), Middle([.. list.Select(d => d.Cpu)]));
    }

    private static double Middle(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
