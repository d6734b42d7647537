using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using DcpNas.Inference;
using DcpNas.Runtime;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Bench;

/// <summary>What a benchmark has measured.</summary>
/// <param name="File">The model.</param>
/// <param name="Options">Settings.</param>
/// <param name="Threads">By number of threads.</param>
/// <param name="Layers">In the order in which they run.</param>
/// <param name="PeakBytes">The most resident memory of the process before a backend was loaded.</param>
/// <param name="Modes">Another mode beside the exact one, or null where the exact one was measured.</param>
/// <param name="Comparison">Beside another runtime, or null.</param>
internal sealed record BenchReport(
    ModelFile File, BenchOptions Options, IReadOnlyList<ThreadTiming> Threads, IReadOnlyList<LayerTiming> Layers, double PeakBytes, ModeTiming? Modes, PeerTiming? Comparison)
{
    /// <summary>Time by type of layer, the largest first.</summary>
    public IReadOnlyList<LayerTiming> Types() =>
    [
        .. Layers.GroupBy(layer => layer.Type)
            .Select(group => new LayerTiming($"{group.Count()} layers", group.Key, group.Sum(layer => layer.Microseconds), group.Sum(layer => layer.Share)))
            .OrderByDescending(type => type.Microseconds),
    ];

    /// <summary>The machine and the model, name and value.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts() =>
    [
        ("model", Printable(File.Path)),
        ("file", Text($"{File.Bytes:N0} bytes, sha256 {File.Sha256}")),
        ("input", $"{File.Model.Graph.Input}, {Options.Batch} {(Options.Batch == 1 ? "image" : "images")} per call, random"),
        .. Options.Mode == NumericMode.Exact ? ((string, string)[])[] : [("mode", $"{Cli.Models.Modes.NameOf(Options.Mode)}: {Cli.Models.Modes.NumbersOf(Options.Mode)}; {Cli.Models.Modes.Describe(Cli.Models.Modes.AgreementOf(File.Model, Options.Mode))}")],
        .. File.Model.Info.Detector is null
            ? ((string, string)[])[]
            : [("boxes", "made of the outputs by one thread, a row of the layers; times by threads are without it. It takes longest on random images, where every anchor is a candidate")],
        ("memory", Text($"{PeakBytes / 1e6:0} MB at most in the process; {File.Model.ImageBytesIn(Options.Mode):N0} bytes for the values of one image")),
        ("machine", $"{RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, instructions {InstructionSets.Choose(null)}, {RuntimeInformation.FrameworkDescription}"),
    ];

    /// <summary>The rows of the table of threads, the heading first.</summary>
    public IReadOnlyList<string[]> ThreadRows() =>
    [
        ["threads", "ms per image (10 % to 90 %)", "CPU ms", "images/s", "calls"],
        .. Threads.Select(timing => (string[])[$"{timing.Threads}", $"{timing.Milliseconds}", Text($"{timing.CpuMilliseconds:0.000}"), Text($"{timing.ImagesPerSecond:0.0}"), $"{timing.Calls}"]),
    ];

    /// <summary>The rows of a table of layers, the heading first.</summary>
    public static IReadOnlyList<string[]> LayerRows(IEnumerable<LayerTiming> layers) =>
    [
        ["layer", "type", "us per image", "share"],
        .. layers.Select(layer => (string[])[layer.Node, layer.Type, Text($"{layer.Microseconds:0.0}"), Share(layer.Share)]),
    ];

    /// <summary>The rows of the comparison of the modes, the heading first; none where the exact one was measured.</summary>
    public IReadOnlyList<string[]> ModeRows() => Modes is null
        ? []
        : [["mode, one thread", "CPU ms per image (10 % to 90 %)"], [Modes.Name, $"{Modes.Other}"], ["exact", $"{Modes.Exact}"], ["ratio to exact", $"{Modes.Ratio}"]];

    /// <summary>The rows of the comparison, the heading first; none without one.</summary>
    public IReadOnlyList<string[]> ComparisonRows() => Comparison is not { } comparison
        ? []
        :
        [
            ["one thread", "CPU ms per image (10 % to 90 %)", "file bytes"],
            ["packed", $"{comparison.Packed}", Text($"{File.Bytes:N0}")],
            .. Rows("float32", comparison.Float32),
            .. Rows("int8", comparison.Int8),
        ];

    private string[][] Rows(string numbers, PeerNumbers peer) =>
    [
        [$"{Comparison!.Backend}, {numbers}", $"{peer.Milliseconds}", Text($"{peer.Bytes:N0}")],
        [$"ratio to {numbers}", $"{peer.Ratio}", Text($"{(double)peer.Bytes / File.Bytes:0.0}")],
    ];

    /// <summary>Everything as JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["model"] = File.Path,
        ["sha256"] = File.Sha256,
        ["file_bytes"] = File.Bytes,
        ["image_bytes"] = File.Model.ImageBytesIn(Options.Mode),
        ["peak_memory_bytes"] = Math.Round(PeakBytes),
        ["machine"] = new JsonObject
        {
            ["architecture"] = $"{RuntimeInformation.ProcessArchitecture}",
            ["processors"] = Environment.ProcessorCount,
            ["instructions"] = $"{InstructionSets.Choose(null)}",
            ["framework"] = RuntimeInformation.FrameworkDescription,
        },
        ["mode"] = Cli.Models.Modes.NameOf(Options.Mode),
        ["batch"] = Options.Batch,
        ["seconds"] = Options.Seconds,
        ["threads"] = new JsonArray([.. Threads.Select(timing => new JsonObject
        {
            ["threads"] = timing.Threads,
            ["milliseconds"] = timing.Milliseconds.ToJson(),
            ["cpu_milliseconds"] = timing.CpuMilliseconds,
            ["images_per_second"] = timing.ImagesPerSecond,
            ["calls"] = timing.Calls,
        })]),
        ["layers"] = new JsonArray([.. Layers.Select(layer => new JsonObject
        {
            ["node"] = layer.Node,
            ["type"] = layer.Type,
            ["microseconds"] = layer.Microseconds,
            ["share"] = layer.Share,
        })]),
        ["exact"] = Modes?.ToJson(),
        ["comparison"] = Comparison?.ToJson(),
    };
}

/// <summary>How long a layer takes.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Type">Its type.</param>
/// <param name="Microseconds">Wall time per image on one thread, the median of the calls.</param>
/// <param name="Share">Of the time of all layers, 0 to 1.</param>
internal sealed record LayerTiming(string Node, string Type, double Microseconds, double Share);

/// <summary>How fast a model runs on a number of threads.</summary>
/// <param name="Threads">Threads.</param>
/// <param name="Milliseconds">Wall time per image, over the calls.</param>
/// <param name="CpuMilliseconds">CPU time of the whole process per image; far above threads x wall time it shows work besides, far below a machine that others use.</param>
/// <param name="ImagesPerSecond">Images over the wall time of all calls.</param>
/// <param name="Calls">Calls that were measured.</param>
internal sealed record ThreadTiming(int Threads, Spread Milliseconds, double CpuMilliseconds, double ImagesPerSecond, int Calls);
