using System.Text.Json.Nodes;

namespace DcpNas.Cost;

/// <summary>What a network takes on a named processor.</summary>
/// <param name="Core">The processor.</param>
/// <param name="Amount">What it takes.</param>
public sealed record ChipReading(string Core, ChipAmount Amount)
{
    /// <summary>The reading as files hold it.</summary>
    public JsonObject ToJson() => new([KeyValuePair.Create("core", (JsonNode?)Core), .. Amount.Numbers().Select(number => KeyValuePair.Create(number.Key, (JsonNode?)(long)number.Value))]);

    /// <inheritdoc/>
    public override string ToString() => $"on {Core} {Amount}";
}
