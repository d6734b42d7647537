namespace DcpNas.Runtime;

/// <summary>How boxes are coded and which of them are kept.</summary>
public sealed record DetectorSettings
{
    /// <summary>Offsets of a centre are multiplied by this and by the size of the anchor. Above 0, default 0.1.</summary>
    public double CentreVariance { get; init; } = 0.1;

    /// <summary>Logarithms of sizes are multiplied by this. Above 0, default 0.2.</summary>
    public double SizeVariance { get; init; } = 0.2;

    /// <summary>Boxes of a lower score are dropped. In [0, 1), default 0.01, which measures of precision need; programs that show boxes take 0.3 to 0.5.</summary>
    public double ScoreThreshold { get; init; } = 0.01;

    /// <summary>Of two boxes of a class whose intersection over union is larger, the one of the lower score is dropped. In (0, 1], default 0.45.</summary>
    public double OverlapThreshold { get; init; } = 0.45;

    /// <summary>Boxes of a class that are compared with each other: those of the highest scores. At least 1, default 400.</summary>
    public int MostCandidates { get; init; } = 400;

    /// <summary>Boxes of an image that are kept: those of the highest scores. At least 1, default 100.</summary>
    public int MostDetections { get; init; } = 100;

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        Check(CentreVariance is > 0 and <= 100, $"centre_variance must be above 0 and at most 100, got {CentreVariance}.");
        Check(SizeVariance is > 0 and <= 100, $"size_variance must be above 0 and at most 100, got {SizeVariance}.");
        Check(ScoreThreshold is >= 0 and < 1, $"score_threshold must be in [0, 1), got {ScoreThreshold}.");
        Check(OverlapThreshold is > 0 and <= 1, $"overlap_threshold must be above 0 and at most 1, got {OverlapThreshold}.");
        Check(MostCandidates is >= 1 and <= 100_000, $"most_candidates must be from 1 to 100000, got {MostCandidates}.");
        Check(MostDetections is >= 1 and <= 100_000, $"most_detections must be from 1 to 100000, got {MostDetections}.");
        return problems;

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }
}
