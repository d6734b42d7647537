namespace DcpNas.StepBench;

/// <summary>What a measuring process tells the system about itself.</summary>
internal static class ProcessLimits
{
    /// <summary>Makes this process the one that the system ends when memory runs out.</summary>
    public static void OfferAsFirstVictim()
    {
        const string Score = "/proc/self/oom_score_adj";
        if (File.Exists(Score))
        {
            File.WriteAllText(Score, "900");
        }
    }
}
