using System.Text.Json.Nodes;
using DcpNas.Networks;

namespace DcpNas.Cli.Bench;

/// <summary>A packed model beside the same architecture in float32 in another runtime, on one thread each.</summary>
/// <param name="Opponent">The other runtime and its version.</param>
/// <param name="Network">The network that it runs.</param>
/// <param name="OpponentBytes">Size of its file.</param>
/// <param name="Packed">Milliseconds per image of the packed model.</param>
/// <param name="Other">Milliseconds per image of the other one.</param>
/// <param name="Ratio">How many times as long the other one takes, by round.</param>
/// <param name="Rounds">Rounds, in each of which both ran.</param>
internal sealed record PeerTiming(string Opponent, NetworkDescription Network, long OpponentBytes, Spread Packed, Spread Other, Spread Ratio, int Rounds)
{
    /// <summary>What the numbers are and are not.</summary>
    public static IReadOnlyList<string> Notes { get; } =
    [
        $"Both run on one thread and take turns in one process; times are {(CpuClock.IsCpuTime ? "CPU time of that thread" : "wall time")}.",
        "The opponent runs the real-valued network of the same genotype and sizes (scheme none), in float32, with random weights: they do not change its time.",
        "Both get normalised numbers, each in the order that it reads: decoding and normalising are not part of it.",
        "No int8 opponent: dcpnas export writes no quantised ONNX (QDQ or QLinearConv), so there is nothing honest to run.",
    ];

    /// <summary>As JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["opponent"] = Opponent,
        ["network"] = Network.ToJson(),
        ["opponent_bytes"] = OpponentBytes,
        ["clock"] = CpuClock.IsCpuTime ? "thread_cpu" : "wall",
        ["packed_milliseconds"] = Packed.ToJson(),
        ["opponent_milliseconds"] = Other.ToJson(),
        ["ratio"] = Ratio.ToJson(),
        ["rounds"] = Rounds,
        ["int8"] = null,
        ["notes"] = new JsonArray([.. Notes.Select(note => JsonValue.Create(note))]),
    };
}
