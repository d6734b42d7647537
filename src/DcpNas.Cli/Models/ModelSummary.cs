using System.Globalization;
using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Inference;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Models;

/// <summary>What <c>dcpnas inspect</c> shows of a model, as text and as JSON.</summary>
/// <param name="file">The model.</param>
internal sealed class ModelSummary(ModelFile file)
{
    private const int MostClasses = 20;
    private readonly PackedModel _model = file.Model;

    private long BinaryWeights => _model.Graph.Nodes.Sum(node => node.BinaryWeights);

    /// <summary>What makes the result of a network of embeddings; null of other models.</summary>
    private GraphNode? Embedding => PackedPredictor.KindOf(_model) == PredictionKind.Embedding
        ? _model.Graph.Nodes.FirstOrDefault(node => node.Name == _model.Graph.Outputs.First(output => output.Name == GraphOutput.Embedding).Value)
        : null;

    private long RealParameters => _model.Graph.Nodes.Sum(node => node.RealParameters);

    /// <summary>Lines for people: facts, then one row per node.</summary>
    public IEnumerable<string> Lines() => [.. Facts().Select(fact => $"{fact.Name,-14}{Printable(fact.Value)}"), "", .. Columns.Align(Nodes(), 4, 5)];

    /// <summary>Everything as JSON.</summary>
    public JsonObject ToJson()
    {
        var (graph, info) = (_model.Graph, _model.Info);
        return new JsonObject
        {
            ["path"] = file.Path,
            ["producer"] = info.Producer,
            ["genotype"] = info.Genotype,
            ["network"] = info.Network is { } network ? JsonNode.Parse(network) : null,
            ["input"] = Shape(graph.Input),
            ["preprocessing"] = info.Preprocessing is { } preprocessing
                ? new JsonObject
                {
                    ["mean"] = new JsonArray([.. preprocessing.Mean.Select(value => JsonValue.Create(value))]),
                    ["std"] = new JsonArray([.. preprocessing.StandardDeviation.Select(value => JsonValue.Create(value))]),
                    ["resize"] = preprocessing.Resize,
                    ["fit"] = preprocessing.Fit.ToString().ToLowerInvariant(),
                }
                : null,
            ["classes"] = new JsonArray([.. info.Classes.Select(name => JsonValue.Create(name))]),
            ["outputs"] = new JsonArray([.. graph.Outputs.Select(output => new JsonObject
            {
                ["name"] = output.Name,
                ["value"] = output.Value,
                ["shape"] = Shape(graph.ShapeOf(output.Value)),
            })]),
            ["embedding"] = Embedding is { } embedding ? new JsonObject { ["numbers"] = graph.ShapeOf(embedding.Name).Elements, ["node"] = embedding.Name, ["type"] = embedding.Type } : null,
            ["detector"] = info.Detector is { } detector ? DetectorSummary.ToJson(detector, graph) : null,
            ["fast"] = info.FixedPoint is { } numbers ? ModeSummary.ToJson(_model, NumericMode.Fast, numbers.Exponents.Count, numbers.CalibrationImages) : null,
            ["integer"] = info.Integers is { } integers ? ModeSummary.ToJson(_model, NumericMode.Integer, integers.Nodes.Count, integers.CalibrationImages) : null,
            ["cost"] = new JsonObject(info.Cost.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            ["binary_weights"] = BinaryWeights,
            ["real_parameters"] = RealParameters,
            ["bytes"] = new JsonObject
            {
                ["file"] = file.Bytes,
                ["binary"] = file.BinaryBytes,
                ["real"] = file.RealBytes,
                ["metadata"] = file.MetadataBytes,
                ["compact_file"] = file.CompactBytes,
                ["image"] = _model.ImageBytes,
            },
            ["sha256"] = new JsonObject
            {
                ["file"] = file.Sha256,
                ["model"] = file.ModelSha256,
                ["tensors"] = file.TensorsSha256,
            },
            ["nodes"] = new JsonArray([.. graph.Nodes.Select(node => new JsonObject
            {
                ["name"] = node.Name,
                ["type"] = node.Type,
                ["inputs"] = new JsonArray([.. node.Inputs.Select(input => JsonValue.Create(input))]),
                ["detail"] = Detail(node),
                ["shape"] = Shape(graph.ShapeOf(node.Name)),
                ["binary_weights"] = node.BinaryWeights,
                ["real_parameters"] = node.RealParameters,
            })]),
        };
    }

    /// <summary>What a node does beyond its type: <c>3x3 depthwise, stride 2</c>.</summary>
    internal static string Detail(GraphNode node) => node switch
    {
        ConvolutionNode { Geometry: var geometry } convolution => Taps(geometry, convolution.Depthwise, convolution.Relu ? "relu" : null),
        BinaryConvolutionNode { Geometry: var geometry } convolution => Taps(geometry, convolution.Weights.Depthwise, convolution.Thresholds is null ? null : "thresholds"),
        SignWeightConvolutionNode { Geometry: var geometry } convolution => Taps(geometry, convolution.Weights.Depthwise, null),
        PoolNode pool => Taps(pool.Geometry, depthwise: false, null),
        AffineNode affine => string.Join(", ", new[] { affine.Inputs.Count > 1 ? "shortcut" : null, affine.Slope is null ? null : "prelu", affine.Shift is null ? null : "shift" }.OfType<string>()),
        _ => "",
    };

    private static string Taps(ConvolutionGeometry geometry, bool depthwise, string? end) => string.Join(", ", new[]
    {
        $"{geometry.Kernel}x{geometry.Kernel}{(depthwise ? " depthwise" : "")}",
        geometry.Stride == 1 ? null : $"stride {geometry.Stride}",
        geometry.Dilation == 1 ? null : $"dilation {geometry.Dilation}",
        geometry.Offset == 0 ? null : $"offset {geometry.Offset}",
        end,
    }.OfType<string>());

    private static JsonObject Shape(ValueShape shape) => new()
    {
        ["kind"] = shape.Kind.ToString().ToLowerInvariant(),
        ["height"] = shape.Height,
        ["width"] = shape.Width,
        ["channels"] = shape.Channels,
    };

    private IEnumerable<(string Name, string Value)> Facts()
    {
        var (graph, info) = (_model.Graph, _model.Info);
        yield return ("model", file.Path);
        yield return ("producer", info.Producer);
        if (info.Genotype is { } genotype)
        {
            yield return ("genotype", genotype);
        }

        if (info.Network is { } network)
        {
            yield return ("network", string.Join(", ", ((JsonObject)JsonNode.Parse(network)!).Where(part => part.Value is JsonValue).Select(part => $"{part.Key} {part.Value}")));
        }

        yield return ("input", $"{graph.Input}");
        yield return ("preprocessing", info.Preprocessing is { } preprocessing
            ? $"(pixel / 255 - mean) / std, mean {Numbers(preprocessing.Mean)}, std {Numbers(preprocessing.StandardDeviation)}"
                + (preprocessing.Fit == ImageFit.Stretch ? "; each side stretched to the input"
                    : preprocessing.Resize is { } resize ? $"; shorter side to {resize} pixels, then the centre"
                    : "; as large as the input needs, then the centre")
            : "none: callers give normalised numbers");
        foreach (var (name, value) in graph.Outputs)
        {
            yield return ("output", $"{name}: {graph.ShapeOf(value)}");
        }

        if (info.Classes.Count > 0)
        {
            var more = info.Classes.Count - MostClasses;
            yield return ("classes", $"{info.Classes.Count}: {string.Join(", ", info.Classes.Take(MostClasses))}{(more > 0 ? $" and {more} more (--json shows all)" : "")}");
        }

        if (Embedding is { } embedding)
        {
            yield return ("embedding", Text($"{graph.ShapeOf(embedding.Name).Elements:N0} numbers, made by {embedding.Name} ({embedding.Type}); the model names no classes: compare images by the angle between their embeddings"));
        }

        foreach (var fact in info.Detector is { } detector ? DetectorSummary.Facts(detector, graph, info.Classes.Count) : [])
        {
            yield return fact;
        }

        yield return ("fast mode", info.FixedPoint is { } numbers
            ? Text($"16-bit numbers at {numbers.Exponents.Count:N0} nodes, ranges of {numbers.CalibrationImages:N0} images; {ModeSummary.Agreement(_model, NumericMode.Fast)}")
            : "none: the file says nothing about fixed-point numbers");
        yield return ("integer mode", info.Integers is { } integers
            ? Text($"integers of {integers.Nodes.Count:N0} nodes{Narrow(integers)}, made from {integers.CalibrationImages:N0} images; {ModeSummary.Agreement(_model, NumericMode.Integer)}")
            : "none: the file holds no integers (export --integer)");
        foreach (var (key, value) in info.Cost.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            yield return ("cost", Text($"{key} {value:N0}"));
        }

        yield return ("weights", Text($"{BinaryWeights:N0} of 1 bit, {RealParameters:N0} numbers of 32 bits"));
        yield return ("file", Text($"{file.Bytes:N0} bytes: {Part(file.BinaryBytes)} 1-bit weights, {Part(file.RealBytes)} reals and thresholds, {Part(file.MetadataBytes)} graph and names{Shipping()}"));
        yield return ("memory", Text($"{_model.ImageBytes:N0} bytes for the values of one image, beside {file.BinaryBytes + file.RealBytes:N0} of weights"));
        yield return ("sha256", $"file    {file.Sha256}");
        yield return ("", $"graph   {file.ModelSha256}");
        yield return ("", $"weights {file.TensorsSha256}");
        yield return ("nodes", Text($"{graph.Nodes.Count}"));
    }

    /// <summary>How many nodes store their numbers in 8 bits, where some do.</summary>
    private static string Narrow(IntegerInfo integers) => integers.Nodes.Values.Count(node => node.Bits == 8) is > 0 and var count ? Text($", {count:N0} of them with numbers of 8 bits") : "";

    /// <summary>What export --compact would save, where that is more than nothing.</summary>
    private string Shipping() => file.CompactBytes is var bytes && bytes < file.Bytes ? Text($"; {bytes:N0} bytes with export --compact") : "";

    private string Part(long bytes) => Text($"{bytes:N0} ({Share((double)bytes / file.Bytes)})");

    private List<string[]> Nodes() =>
    [
        ["node", "type", "detail", "value", "1-bit", "32-bit", "inputs"],
        .. _model.Graph.Nodes.Select(node => (string[])
        [
            node.Name, node.Type, Detail(node), $"{_model.Graph.ShapeOf(node.Name)}", Count(node.BinaryWeights), Count(node.RealParameters), string.Join(", ", node.Inputs),
        ]),
    ];

    private static string Count(long number) => number == 0 ? "" : Text($"{number:N0}");

    private static string Numbers(IReadOnlyList<double> numbers) => string.Join(" ", numbers.Select(number => number.ToString("0.####", CultureInfo.InvariantCulture)));
}
