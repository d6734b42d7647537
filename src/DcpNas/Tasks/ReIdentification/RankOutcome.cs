using System.Text.Json.Nodes;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>Ranked lists of some queries.</summary>
/// <param name="Model">The checkpoint.</param>
/// <param name="Dataset">The honest name of the data.</param>
/// <param name="Picture">The picture that was written.</param>
/// <param name="Lists">One object per query: image, person, camera, and what comes nearest.</param>
public sealed record RankOutcome(string Model, string Dataset, string Picture, JsonArray Lists)
{
    /// <summary>Everything, for programs.</summary>
    public JsonObject ToJson() => new()
    {
        ["model"] = Model,
        ["dataset"] = Dataset,
        ["picture"] = Picture,
        ["queries"] = Lists.DeepClone(),
    };
}
