namespace DcpNas.Populations;

/// <summary>The network that is kept of K random ones by a brief look at each: its expected test accuracy after the full training.</summary>
/// <remarks>
/// K networks are drawn from the population without repetition, every set of K equally likely; the one with the lowest validation loss after an epoch is
/// kept, equal ones by the higher validation accuracy. Ordered by that criterion, the network in place i of n (the worst first) is kept with the probability
/// <c>C(i - 1, K - 1) / C(n, K)</c>; networks that tie in both share the probability of their group. So mean and deviation are exact, nothing is simulated.
/// The expectation is that of <c>random_k</c> but for one thing: the loss after few epochs of a full training stands for that of a brief one, whose rate
/// would have come to its end.
/// </remarks>
/// <param name="Candidates">K.</param>
/// <param name="Epochs">Epochs after which the validation loss decides.</param>
/// <param name="Mean">The expected test accuracy of the kept network.</param>
/// <param name="StandardDeviation">Its standard deviation over draws.</param>
public sealed record ExpectedSelection(int Candidates, int Epochs, double Mean, double StandardDeviation)
{
    /// <summary>The expectation by a population; null where it has fewer networks than candidates, or its trainings fewer epochs.</summary>
    /// <param name="table">The population.</param>
    /// <param name="candidates">K, at least 1.</param>
    /// <param name="epochs">Epochs of all stages of a brief training, at least 1.</param>
    public static ExpectedSelection? Of(PopulationTable table, int candidates, int epochs)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfLessThan(candidates, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        var all = table.Sample.Count;
        if (all < candidates || table.Sample.Any(network => network.ValidTop1.Count < epochs))
        {
            return null;
        }

        var groups = table.Sample.GroupBy(network => (Top1: network.ValidTop1[epochs - 1], Loss: network.ValidLoss[epochs - 1]))
            .OrderByDescending(group => group.Key.Loss).ThenBy(group => group.Key.Top1);
        var (below, weighted) = (0, new List<(double Probability, double Top1)>());
        foreach (var group in groups)
        {
            var count = group.Count();
            var probability = (AllWithin(below + count) - AllWithin(below)) / count;
            weighted.AddRange(group.Select(network => (probability, network.TestTop1)));
            below += count;
        }

        var mean = weighted.Sum(one => one.Probability * one.Top1);
        var variance = weighted.Sum(one => one.Probability * (one.Top1 - mean) * (one.Top1 - mean));
        return new ExpectedSelection(candidates, epochs, mean, Math.Sqrt(variance));

        // C(m, K) / C(n, K): the probability that all candidates are among the m worst.
        double AllWithin(int worst) => Enumerable.Range(0, candidates).Aggregate(1.0, (product, drawn) => product * Math.Max(0, worst - drawn) / (all - drawn));
    }
}
