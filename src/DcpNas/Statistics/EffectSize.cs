using MathNet.Numerics;

namespace DcpNas.Statistics;

/// <summary>How large a paired difference is against its own spread, whatever the number of pairs.</summary>
/// <remarks>
/// Cohen's <c>d_z = m / s</c> of the differences (mean m, standard deviation s with divisor n - 1) is too large with few pairs; Hedges' correction
/// <c>J = Gamma(k / 2) / (sqrt(k / 2) Gamma((k - 1) / 2))</c>, k = n - 1, makes it unbiased: <c>g_z = J d_z</c>. By custom 0.2 is small, 0.5 medium, 0.8 large.
/// Source: Hedges, "Distribution theory for Glass's estimator of effect size", Journal of Educational Statistics 6, 1981; d_z: Lakens, Frontiers in Psychology 4, 2013.
/// Two pairs have a single degree of freedom, where J is 0 times infinity: there is no g_z.
/// </remarks>
public static class EffectSize
{
    /// <summary>Hedges' g of paired differences; null with fewer than three pairs, or without any spread.</summary>
    public static double? OfPairs(PairedTest test)
    {
        ArgumentNullException.ThrowIfNull(test);
        return test is { T: not null, Differences: { Count: > 2, StandardDeviation: { } deviation } differences }
            ? Correction(differences.Count - 1) * differences.Mean / deviation
            : null;
    }

    /// <summary>
    /// Glass' delta: how many standard deviations of a control sample (random networks) another sample's mean lies above the control's, with Hedges' correction
    /// for the control's n - 1 degrees of freedom. Null where the control has fewer than three values or no spread.
    /// </summary>
    /// <remarks>Source: Glass, "Primary, secondary, and meta-analysis of research", Educational Researcher 5, 1976; the correction: Hedges 1981.</remarks>
    /// <param name="sample">The sample.</param>
    /// <param name="control">What it is measured by.</param>
    public static double? AgainstControl(SampleStatistics sample, SampleStatistics control)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(control);
        return control is { Count: > 2, StandardDeviation: > 0 and { } deviation } ? Correction(control.Count - 1) * (sample.Mean - control.Mean) / deviation : null;
    }

    /// <summary>Hedges' J.</summary>
    /// <param name="degrees">Degrees of freedom, at least 2.</param>
    internal static double Correction(int degrees) =>
        Math.Exp(SpecialFunctions.GammaLn(degrees / 2.0) - SpecialFunctions.GammaLn((degrees - 1) / 2.0)) / Math.Sqrt(degrees / 2.0);
}
