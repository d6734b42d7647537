using DcpNas.SearchSpace;

namespace DcpNas.Search;

/// <summary>What the architecture parameters of one cell kind look like.</summary>
/// <param name="Entropy">Mean entropy of the rows of alpha in nats; log 8 = 2.08 is undecided, 0 decided.</param>
/// <param name="SkipShare">Share of skip among the eight edges that the cell would keep.</param>
/// <param name="PoolShare">Share of pools, likewise.</param>
/// <param name="NoneShare">Mean probability of <c>none</c>.</param>
/// <param name="Margin">By how much skip and pools lead: mean over the kept edges that they hold of <c>log(p / q)</c>, p the probability of the edge's
/// operation and q that of its best convolution; 0 where they hold none.</param>
public sealed record CellHealth(double Entropy, double SkipShare, double PoolShare, double NoneShare, double Margin)
{
    /// <summary>The margin from which a lead counts as decided: the leading operations are a tenth more probable than the best convolutions.</summary>
    /// <remarks>Entropy cannot tell: short searches stay within 1 % of log 8, and rows whose leaders are this far ahead differ from it by less than 0.001.</remarks>
    public const double DecidedMargin = EdgeDecision.LeastLead;

    private static readonly int[] Convolutions = [.. Enumerable.Range(0, OperationTable.All.Count).Where(column => OperationTable.All[column].Form.HasWeights)];

    /// <summary>Share of the edges that hold no weights: skip and pools.</summary>
    public double WeightlessShare => SkipShare + PoolShare;

    /// <summary>Looks at one cell.</summary>
    /// <param name="probabilities">softmax(alpha), one row per edge.</param>
    /// <param name="cell">What these probabilities stand for.</param>
    public static CellHealth Of(double[][] probabilities, CellGenotype cell)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(cell);
        var kept = cell.Edges().ToList();
        var leads = kept.Where(edge => !OperationTable.Of(edge.Edge.Operation).Form.HasWeights)
            .Select(edge => Math.Log(probabilities[edge.EdgeIndex][OperationNames.IndexOf(edge.Edge.Operation)] / Convolutions.Max(column => probabilities[edge.EdgeIndex][column])))
            .ToList();
        return new CellHealth(
            probabilities.Average(row => -row.Sum(p => p > 0 ? p * Math.Log(p) : 0)),
            Share<OperationForm.Identity>(),
            Share<OperationForm.Pool>(),
            probabilities.Average(row => row[OperationNames.IndexOf(OperationNames.None)]),
            leads.Count == 0 ? 0 : leads.Average());

        double Share<T>() => kept.Count(edge => OperationTable.Of(edge.Edge.Operation).Form is T) / (double)kept.Count;
    }

    /// <summary>Judges the cell after an epoch: a lead of skip and pools is a collapse if its margin is decided, or if it holds for a second epoch and has grown.</summary>
    /// <param name="leads">Whether skip and pools hold so many edges that they lead.</param>
    /// <param name="before">The judgement after the epoch before.</param>
    public CellJudgement Judge(bool leads, CellJudgement before)
    {
        ArgumentNullException.ThrowIfNull(before);
        var grows = before.Verdict == CellVerdict.Leaning && Margin > before.Margin;
        var verdict = !leads ? CellVerdict.Healthy
            : Margin >= DecidedMargin || grows || before.Verdict == CellVerdict.Collapsed ? CellVerdict.Collapsed
            : CellVerdict.Leaning;
        return new CellJudgement(verdict, Margin);
    }
}
