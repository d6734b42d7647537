using System.Text.Json.Nodes;
using DcpNas.Networks;

namespace DcpNas.Cli.Bench;

/// <summary>A packed model beside the same architecture in float32 and in 8 bits in another runtime, on one thread each.</summary>
/// <param name="Backend">The other runtime and its version.</param>
/// <param name="Network">The network that it runs.</param>
/// <param name="Packed">Milliseconds per image of the packed model.</param>
/// <param name="Float32">The other one in float32.</param>
/// <param name="Int8">The other one in 8 bits.</param>
/// <param name="Rounds">Rounds, in each of which all ran.</param>
internal sealed record PeerTiming(string Backend, NetworkDescription Network, Spread Packed, PeerNumbers Float32, PeerNumbers Int8, int Rounds)
{
    /// <summary>What the numbers are and are not.</summary>
    public static IReadOnlyList<string> Notes { get; } =
    [
        $"Each runs on one thread, that of the backend runs nothing else, and all take turns in one process; times are {(CpuClock.IsCpuTime ? "CPU time of those threads" : "wall time")}.",
        "The backend runs the real-valued network of the same genotype and sizes (scheme none) with random weights: they do not change its time.",
        "int8 is that network with every activation and weight in 8 bits (QDQ, weights per channel), calibrated on the images of the benchmark; normalisations are folded, and as all slopes "
            + "of the PReLUs are equal they are LeakyRelus, which have an 8-bit kernel.",
        "All get normalised numbers, each in the order that it reads: decoding and normalising are not part of it. Of a detector all give the scores and codes of every anchor: boxes are made of them by none.",
    ];

    /// <summary>As JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["backend"] = Backend,
        ["network"] = Network.ToJson(),
        ["backend_bytes"] = Float32.Bytes,
        ["clock"] = CpuClock.IsCpuTime ? "thread_cpu" : "wall",
        ["packed_milliseconds"] = Packed.ToJson(),
        ["backend_milliseconds"] = Float32.Milliseconds.ToJson(),
        ["ratio"] = Float32.Ratio.ToJson(),
        ["rounds"] = Rounds,
        ["int8"] = new JsonObject
        {
            ["backend_bytes"] = Int8.Bytes,
            ["backend_milliseconds"] = Int8.Milliseconds.ToJson(),
            ["ratio"] = Int8.Ratio.ToJson(),
        },
        ["notes"] = new JsonArray([.. Notes.Select(note => JsonValue.Create(note))]),
    };
}

/// <summary>How long a backend takes.</summary>
/// <param name="Bytes">Size of its file.</param>
/// <param name="Milliseconds">Milliseconds per image.</param>
/// <param name="Ratio">How many times as long as the packed model it takes, by round.</param>
internal sealed record PeerNumbers(long Bytes, Spread Milliseconds, Spread Ratio);
