namespace DcpNas.SearchSpace;

/// <summary>The distribution of genotypes that alpha speaks for once its noise is taken into account: candidates are drawn from it.</summary>
/// <remarks>
/// <para><b>Why.</b> A row of alpha follows the weights of one search: in repeated searches with other seeds most of a logit is another. What repeats is which
/// operations a cell kind prefers. So each operation is judged by its mean over the 14 edges, in standard errors of that mean (a t value: independent of T and
/// of the rate), and the single edge adds its own deviation in standard deviations.</para>
/// <para><b>Rule.</b> With <c>m_o</c> the mean and <c>s_o</c> the standard deviation over edges of the logits of operation o, and <c>m</c> the mean of the m_o,
/// edge e takes o with a probability in proportion to <c>exp(c (m_o - m) / (s_o / sqrt 14) + d (alpha_eo - m_o) / s_o)</c>, c = 0.6 and d = 0.4. <c>none</c>
/// is no operation of a genotype and takes no part; inputs are equally likely.</para>
/// </remarks>
public static class AlphaEvidence
{
    /// <summary>c: the weight of an operation's t value.</summary>
    public const double OperationWeight = 0.6;

    /// <summary>d: the weight of an edge's own deviation.</summary>
    public const double EdgeWeight = 0.4;

    private const double LeastDeviation = 1e-9;

    /// <summary>A sampler of the distribution.</summary>
    /// <param name="architecture">alpha after a search.</param>
    public static GenotypeSampler Sampler(ArchitectureParameters architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        return new GenotypeSampler(Probabilities(architecture.Logits(CellKind.Normal)), Probabilities(architecture.Logits(CellKind.Reduction)));
    }

    /// <summary>The probabilities of the operations of each edge; 0 for <c>none</c>.</summary>
    /// <param name="alpha">The logits of a cell kind: a row of 8 for each edge.</param>
    public static double[][] Probabilities(double[][] alpha)
    {
        ArgumentNullException.ThrowIfNull(alpha);
        var none = OperationNames.IndexOf(OperationNames.None);
        int[] operations = [.. Enumerable.Range(0, OperationNames.All.Count).Where(column => column != none)];
        var means = operations.ToDictionary(column => column, column => alpha.Average(row => row[column]));
        var deviations = operations.ToDictionary(column => column, column => Deviation([.. alpha.Select(row => row[column])], means[column]));
        var middle = means.Values.Average();
        return [.. alpha.Select(row =>
        {
            var logits = operations.ToDictionary(column => column, column => Logit(row, column));
            var largest = logits.Values.Max();
            var sum = logits.Values.Sum(logit => Math.Exp(logit - largest));
            return (double[])[.. Enumerable.Range(0, row.Length).Select(column => column == none ? 0 : Math.Exp(logits[column] - largest) / sum)];
        })];

        double Logit(double[] row, int column)
        {
            var deviation = deviations[column];
            return (OperationWeight * (means[column] - middle) / (deviation / Math.Sqrt(alpha.Length))) + (EdgeWeight * (row[column] - means[column]) / deviation);
        }
    }

    /// <summary>The standard deviation of a sample; never 0, so that an operation on which all edges agree is decided instead of undefined.</summary>
    private static double Deviation(double[] values, double mean) =>
        Math.Max(LeastDeviation, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)));
}
