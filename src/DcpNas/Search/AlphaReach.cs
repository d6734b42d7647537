namespace DcpNas.Search;

/// <summary>What the learning rate of alpha lets a search decide.</summary>
/// <param name="Travel">T: learning rate times steps of alpha, what Adam can move a logit by; 0 where alpha never moves.</param>
public sealed record AlphaReach(double Travel)
{
    /// <summary>The travel below which a search hardly decides: the best of 8 operations stays below 52 %.</summary>
    public const double Least = 1;

    /// <summary>The largest probability that the best operation of an edge can reach; 1/8 is uniform.</summary>
    public double CeilingOfBest => SearchSchedule.CeilingOfBest(Travel);

    /// <summary>For people; null where alpha never moves.</summary>
    public string? Note => Travel == 0 ? null
        : FormattableString.Invariant($"alpha   travels T = {Travel:0.00} in all: the best operation of an edge can reach a probability of {CeilingOfBest * 100:0} % (uniform: 12.5 %)");

    /// <summary>That the search will hardly decide; null where it can.</summary>
    public string? Warning => Travel is 0 or >= Least ? null
        : FormattableString.Invariant($"Alpha can travel {Travel:0.00} in all, so that the best operation of an edge reaches a probability of at most {CeilingOfBest * 100:0} % (uniform: 12.5 %): the search will hardly decide. Raise alpha_travel to 2 or more, or leave architecture_rate out.");

    /// <summary>The reach of a search.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public static AlphaReach Of(SearchOptions options, int stepsPerEpoch) =>
        new(SearchSchedule.ArchitectureRate(options, stepsPerEpoch) * SearchSchedule.ArchitectureSteps(options, stepsPerEpoch));
}
