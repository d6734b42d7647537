using System.Globalization;
using System.Text.Json.Nodes;

namespace DcpNas.SearchSpace;

/// <summary>How clearly alpha preferred the operations of a genotype: the section <c>decision</c> of its file.</summary>
/// <param name="Normal">The normal cell.</param>
/// <param name="Reduction">The reduction cell.</param>
public sealed record GenotypeDecision(CellDecision Normal, CellDecision Reduction)
{
    /// <summary>Whether alpha has decided both cells.</summary>
    public bool IsDecided => Normal.IsDecided && Reduction.IsDecided;

    /// <summary>What came out, and where it is too little, what helps: one line.</summary>
    public string Summary =>
        $"{(IsDecided ? "Decided" : "Undecided")}: alpha has a clear winner on {Share(Normal)} kept edges of the normal cell and {Share(Reduction)} of the reduction cell "
        + $"(winners have {Percent(Normal.MeanProbability)} and {Percent(Reduction.MeanProbability)} on average; {Percent(EdgeDecision.Uniform)} is uniform, "
        + $"{Percent(EdgeDecision.LeastProbability)} and a tenth ahead of the next is clear)."
        + (IsDecided ? "" : " The other edges are little more than a draw: raise alpha_travel (T, rate x steps of alpha; below 1 hardly anything can win), "
            + "or give alpha more steps (epochs, warmup_share, train_images).");

    /// <summary>Looks at both cells.</summary>
    /// <param name="normal">softmax(alpha) of the normal cell, one row per edge.</param>
    /// <param name="reduction">Likewise of the reduction cell.</param>
    /// <param name="genotype">What is kept.</param>
    public static GenotypeDecision Of(double[][] normal, double[][] reduction, Genotype genotype)
    {
        ArgumentNullException.ThrowIfNull(genotype);
        return new GenotypeDecision(CellDecision.Of(normal, genotype.Normal), CellDecision.Of(reduction, genotype.Reduction));
    }

    /// <summary>As it stands in genotype.json and in the log: all edges, with the verdicts that follow from them.</summary>
    public JsonObject ToJson() => new()
    {
        ["decided"] = IsDecided,
        ["summary"] = Summary,
        ["uniform"] = EdgeDecision.Uniform,
        ["normal"] = Cell(Normal),
        ["reduction"] = Cell(Reduction),
    };

    private static JsonObject Cell(CellDecision cell) => new()
    {
        ["decided"] = cell.IsDecided,
        ["decided_edges"] = cell.DecidedCount,
        ["kept_edges"] = cell.KeptCount,
        ["mean_probability"] = cell.MeanProbability,
        ["edges"] = new JsonArray([.. cell.Edges.Select(edge => (JsonNode)Edge(edge))]),
    };

    private static JsonObject Edge(EdgeDecision edge)
    {
        var json = new JsonObject
        {
            ["node"] = edge.Node,
            ["input"] = edge.Input,
            ["winner"] = edge.Winner,
            ["probability"] = edge.Probability,
            ["margin_over_uniform"] = edge.MarginOverUniform,
            ["runner_up"] = edge.RunnerUp,
            ["runner_up_probability"] = edge.RunnerUpProbability,
            ["margin_over_runner_up"] = edge.MarginOverRunnerUp,
            ["decided"] = edge.IsDecided,
        };
        if (edge.Chosen is { } chosen)
        {
            json["chosen"] = chosen;
        }

        return json;
    }

    private static string Share(CellDecision cell) => $"{cell.DecidedCount} of {cell.KeptCount}";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");
}
