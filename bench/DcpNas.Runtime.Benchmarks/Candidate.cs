using DcpNas.Native;

namespace DcpNas.Runtime.Benchmarks;

/// <summary>Something to time.</summary>
/// <param name="Name">A short name.</param>
/// <param name="Work">Does it once.</param>
/// <param name="Share">How many of the wanted pieces one run does.</param>
/// <param name="Thread">Where it has to run; null for this thread.</param>
internal sealed record Candidate(string Name, Action Work, int Share = 1, ForeignThread? Thread = null)
{
    /// <summary>CPU nanoseconds of some runs.</summary>
    public long Time(int runs)
    {
        return Thread is null ? Measure() : Thread.Run(Measure);

        long Measure()
        {
            var start = ThreadClock.Now();
            for (var run = 0; run < runs; run++)
            {
                Work();
            }

            return ThreadClock.Now() - start;
        }
    }
}

/// <summary>Times candidates in turns, so that a disturbance of the machine hits all.</summary>
internal static class Alternation
{
    private const double RoundNanoseconds = 1.5e6;

    /// <summary>The best CPU time of each candidate for one piece, in nanoseconds, and the clock of the processor in GHz.</summary>
    public static (double[] Times, double Gigahertz) Run(IReadOnlyList<Candidate> candidates, int rounds)
    {
        var repeats = candidates.Select(Warm).ToArray();
        var best = new double[candidates.Count];
        Array.Fill(best, double.MaxValue);
        var gigahertz = 0.0;
        for (var round = 0; round < rounds; round++)
        {
            gigahertz = Math.Max(gigahertz, Roofline.Gigahertz());
            for (var index = 0; index < candidates.Count; index++)
            {
                best[index] = Math.Min(best[index], candidates[index].Time(repeats[index]) / (double)repeats[index] / candidates[index].Share);
            }
        }

        return (best, gigahertz);
    }

    private static int Warm(Candidate candidate)
    {
        candidate.Time(1);
        return (int)Math.Clamp(RoundNanoseconds / Math.Max(1, candidate.Time(1)), 1, 20000);
    }
}
