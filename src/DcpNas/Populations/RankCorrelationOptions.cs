namespace DcpNas.Populations;

/// <summary>Asks what a search knows of a population.</summary>
/// <param name="Run">The run folder of the search.</param>
/// <param name="Population">The table.</param>
public sealed record RankCorrelationOptions(string Run, string Population)
{
    /// <summary>Networks of the population that are scored, from the first; null: all.</summary>
    public int? Limit { get; init; }

    /// <summary>Images of the search's architecture half that score a network; null: as many as the search evaluated its supernets on. At least a batch.</summary>
    public int? Images { get; init; }

    /// <summary>The folder of the data; null: that of the search.</summary>
    public string? Data { get; init; }

    /// <summary>The test accuracy of the found network, trained like the population; 0 to 1, or null.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The run folder of the training of the found network, or null.</summary>
    public string? Trained { get; init; }

    /// <summary>The fewest networks between which an order means something.</summary>
    public const int FewestNetworks = 3;

    /// <summary>Everything wrong with the values, one sentence each.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Check(Limit is null or >= FewestNetworks, $"limit must be at least {FewestNetworks}, got {Limit}.");
        Check(Images is null or >= 1, $"images must be at least 1, got {Images}.");
        Check(Accuracy is null or (>= 0 and <= 1), FormattableString.Invariant($"accuracy must be a share from 0 to 1, got {Accuracy}."));
        Check(Accuracy is null || Trained is null, "accuracy and trained must not both be given: they say the same.");
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
