using System.Text.Json.Nodes;

namespace DcpNas.Cost;

/// <summary>What a network takes on a named processor.</summary>
/// <param name="Target">The processor, and the bits of the numbers between layers.</param>
/// <param name="Amount">What it takes.</param>
public sealed record ChipReading(ChipTarget Target, ChipAmount Amount)
{
    /// <summary>The reading as files hold it.</summary>
    public JsonObject ToJson() => new(
    [
        KeyValuePair.Create("core", (JsonNode?)Target.Core),
        KeyValuePair.Create("shortcuts", (JsonNode?)Target.Shortcuts),
        .. Amount.Numbers().Select(number => KeyValuePair.Create(number.Key, (JsonNode?)(long)number.Value)),
    ]);

    /// <inheritdoc/>
    public override string ToString() => $"on {Target} {Amount}";
}
