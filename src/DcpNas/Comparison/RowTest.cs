using DcpNas.Statistics;

namespace DcpNas.Comparison;

/// <summary>Whether two rows differ, over the seeds that both have.</summary>
/// <param name="Test">The paired t-test of top-1.</param>
/// <param name="AdjustedP">p after Holm's correction over all rows that are tested in the same way; null where there is no p.</param>
public sealed record RowTest(PairedTest Test, double? AdjustedP)
{
    /// <summary>A difference of top-1 worth seeing: one point.</summary>
    public const double OnePoint = 0.01;

    /// <summary>Hedges' g of the paired differences; null with fewer than three pairs or without a spread.</summary>
    public double? EffectSize => Statistics.EffectSize.OfPairs(Test);

    /// <summary>Pairs that would show a true difference of one point with a probability of 80 %, by the spread that was seen; null without one.</summary>
    public int? PairsForOnePoint => Spread is { } deviation ? PairedPower.PairsFor(OnePoint, deviation) : null;

    /// <summary>The probability that the pairs at hand would have shown a true difference of one point; null without a spread.</summary>
    public double? PowerForOnePoint => Spread is { } deviation ? PairedPower.Of(Test.Differences.Count, OnePoint, deviation) : null;

    /// <summary>Whether p after the correction is below <see cref="PairedTest.Level"/>.</summary>
    public bool IsSignificant => AdjustedP < PairedTest.Level;

    private double? Spread => Test.T is null ? null : Test.Differences.StandardDeviation;

    /// <summary>Corrects a family of tests; null stays null.</summary>
    internal static IReadOnlyList<RowTest?> Correct(IReadOnlyList<PairedTest?> tests)
    {
        var adjusted = HolmCorrection.Adjust([.. tests.Select(test => test?.P)]);
        return [.. tests.Select((test, index) => test is null ? null : new RowTest(test, adjusted[index]))];
    }
}
