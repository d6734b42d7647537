using System.Text.Json.Nodes;

namespace DcpNas.Cli.Bench;

/// <summary>The fast mode of a model beside its exact one, on one thread, in turns.</summary>
/// <param name="Fast">Milliseconds per image.</param>
/// <param name="Exact">Milliseconds per image.</param>
/// <param name="Ratio">How many times as long as the fast mode the exact one takes, by round.</param>
internal sealed record ModeTiming(Spread Fast, Spread Exact, Spread Ratio)
{
    /// <summary>As JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["fast_milliseconds"] = Fast.ToJson(),
        ["exact_milliseconds"] = Exact.ToJson(),
        ["ratio"] = Ratio.ToJson(),
    };
}
