using static DcpNas.Foundation.OptionRules;

namespace DcpNas.Populations;

/// <summary>Asks what a search knows of a population.</summary>
/// <param name="Run">The run folder of the search.</param>
/// <param name="Population">The table.</param>
public sealed record RankCorrelationOptions(
    [property: Option("Run folder of the search")] string Run,
    [property: Option("Table of dcpnas population, of the same images")] string Population)
{
    /// <summary>Networks of the population that are scored, from the first; null: all.</summary>
    [Option("Networks to score, from the first", Min = FewestNetworks, None = "all")]
    public int? Limit { get; init; }

    /// <summary>Images of the search's architecture half that score a network; null: as many as the search evaluated its supernets on. At least a batch.</summary>
    [Option("Images that score each network; a batch of the search or more", Min = 1, None = "the search's evaluation_images")]
    public int? Images { get; init; }

    /// <summary>The folder of the data; null: that of the search.</summary>
    [Option("Folder of the data set", None = "that of the search")]
    public string? Data { get; init; }

    /// <summary>The test accuracy of the found network, trained like the population; or null.</summary>
    [Option("Test accuracy of the found network, trained like the population", Min = 0, Max = 1, Rule = "a share from 0 to 1")]
    public double? Accuracy { get; init; }

    /// <summary>The run folder of the training of the found network, or null.</summary>
    [Option("Run folder of the training of the found network", None = "the folder train in that of the search, where there is one")]
    public string? Trained { get; init; }

    /// <summary>The fewest networks between which an order means something.</summary>
    public const int FewestNetworks = 3;

    /// <summary>Everything wrong with the values, one sentence each.</summary>
    public IReadOnlyList<string> Problems() =>
    [
        .. OptionDeclaration.Problems(this),
        .. Check(Accuracy is null || Trained is null, "accuracy and trained must not both be given: they say the same."),
    ];
}
