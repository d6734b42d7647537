using DcpNas.Search;

namespace DcpNas.Comparison;

/// <summary>The predefined rows of a comparison: the strategies, and DCP-NAS with one part taken out or exchanged.</summary>
public static class ComparisonStrategies
{
    /// <summary>The baseline that every other row is tested against.</summary>
    public const string Random = "random";

    /// <summary>The best of several random genotypes, at the cost of the primary row's search.</summary>
    public const string RandomK = "random_k";

    private const string Large = "Table 4.2, DCP-NAS-L";
    private const string Small = "Table 4.4, DCP-NAS-S";

    /// <summary>All rows. Where two ask for the same, the first of them does the work.</summary>
    public static IReadOnlyList<ComparisonStrategy> All { get; } =
    [
        new("dcp", "DCP-NAS", options => Dcp(options), new PaperFigure(72.4, Large)),
        new("cp", "CP-NAS: Parent and Child in turn, lambda = mu = 0", options => options.With(SearchStrategy.Cp), new PaperFigure(66.7, "Table 4.2, no tangent, no L_R")),
        new("direct", "the 1-bit Child alone, on cross entropy", options => options.With(SearchStrategy.Direct)),
        new("parent", "the real-valued Parent alone, its genotype trained 1-bit", options => options.With(SearchStrategy.Parent)),
        new(Random, "a genotype drawn uniformly", options => options.With(SearchStrategy.Random), new PaperFigure(51.3, "Table 4.3")),
        new(RandomK, "K genotypes drawn and trained briefly for the CPU time of the primary row's search, the best on validation images kept",
            options => options.With(SearchStrategy.Random)) { Kind = RowKind.BestOfRandom },
        new("no_tangent", "DCP-NAS, lambda = 0", options => Dcp(options) with { Lambda = 0 }),
        new("no_reconstruction", "DCP-NAS, mu = 0", options => Dcp(options) with { Mu = 0 }),
        new("coupled", "DCP-NAS without decoupled optimisation", options => Dcp(options) with { Decoupled = false }),
        new("curvature_ggn", "DCP-NAS, Gauss-Newton curvature", options => Dcp(options) with { Curvature = "ggn" }, new PaperFigure(72.4, "Table 4.3, 2.9 GPU-days of search")),
        new("curvature_exact", "DCP-NAS, exact second order", options => Dcp(options) with { Curvature = "exact" }, new PaperFigure(72.6, "Table 4.3, 27.9 GPU-days of search")),
        new("curvature_none", "DCP-NAS, no second-order term", options => Dcp(options) with { Curvature = "none" }),
        new("distance_frobenius", "DCP-NAS, D = squared Frobenius norm", options => Dcp(options) with { Distance = DistanceKind.Frobenius }, new PaperFigure(63.0, Small)),
        new("distance_l1", "DCP-NAS, D = L1 norm", options => Dcp(options) with { Distance = DistanceKind.L1 }, new PaperFigure(62.7, Small)),
        new("distance_cosine", "DCP-NAS, D by the cosine", options => Dcp(options) with { Distance = DistanceKind.Cosine }, new PaperFigure(62.5, Small)),
    ];

    /// <summary>The names, in the order of <see cref="All"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(strategy => strategy.Name)];

    private static SearchOptions Dcp(SearchOptions options) => options.With(SearchStrategy.Dcp);
}
