namespace DcpNas.Search;

/// <summary>How the guard judged a cell after an epoch. Part of every checkpoint.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Margin">The margin of skip and pools then, see <see cref="CellHealth.Margin"/>.</param>
public sealed record CellJudgement(CellVerdict Verdict, double Margin)
{
    /// <summary>What holds before the first epoch.</summary>
    public static CellJudgement Start { get; } = new(CellVerdict.Healthy, 0);
}
