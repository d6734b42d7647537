using System.Text.Json.Nodes;

namespace DcpNas.Cli.Bench;

/// <summary>Another mode of a model beside its exact one, on one thread, in turns.</summary>
/// <param name="Name">The name of the mode.</param>
/// <param name="Other">Milliseconds per image.</param>
/// <param name="Exact">Milliseconds per image.</param>
/// <param name="Ratio">How many times as long as the other mode the exact one takes, by round.</param>
internal sealed record ModeTiming(string Name, Spread Other, Spread Exact, Spread Ratio)
{
    /// <summary>As JSON.</summary>
    public JsonObject ToJson() => new()
    {
        [$"{Name}_milliseconds"] = Other.ToJson(),
        ["exact_milliseconds"] = Exact.ToJson(),
        ["ratio"] = Ratio.ToJson(),
    };
}
