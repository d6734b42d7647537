using System.Runtime.InteropServices;
using DcpNas.Export.Onnx;
using DcpNas.Operators;
using Google.Protobuf;

namespace DcpNas.Export;

/// <summary>Makes the 8-bit form of a float32 network that <see cref="OnnxExporter"/> wrote: every activation and every weight between quantising and dequantising nodes (QDQ), which runtimes fuse.</summary>
/// <remarks>
/// <para><b>Numbers.</b> Activations: uint8 with a zero point, their range from calibration, 0 included. Weights: int8 without zero point, a scale per output channel (a classifier: one). Biases: int32.</para>
/// <para><b>Range of weights.</b> -64 to 64, ONNX Runtime's "reduce range". Its kernels for x86 processors without VNNI add two products of uint8 and int8 in 16 bits with saturation: 2 x 255 x 127 would not fit,
/// and results would depend on the processor; 2 x 255 x 64 does.</para>
/// <para><b>First</b> a normalisation behind a convolution is folded into it, one that stands alone becomes a depthwise 1x1 convolution, and a PReLU whose slopes are equal a LeakyRelu: so
/// that each has an 8-bit kernel.</para>
/// </remarks>
public sealed class OnnxQuantizer
{
    private const int LargestWeight = 64;

    private readonly ModelProto _model;
    private readonly OnnxGraph _folded = new();
    private readonly Dictionary<string, TensorProto> _weights;

    /// <summary>Reads and folds a network.</summary>
    /// <param name="model">A file of <see cref="OnnxExporter"/>, of a network without 1-bit convolutions.</param>
    /// <exception cref="InputException">An operator has no 8-bit form here.</exception>
    public OnnxQuantizer(byte[] model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = ModelProto.Parser.ParseFrom(model);
        _weights = _model.Graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        Fold();
        Activations = [OnnxExporter.Input, .. _folded.Graph.Node.Select(node => node.Name)];
    }

    /// <summary>The values whose ranges are needed.</summary>
    public IReadOnlyList<string> Activations { get; }

    /// <summary>The folded network in float32, with every value of <see cref="Activations"/> but the image as an output.</summary>
    public byte[] Calibration()
    {
        var graph = _folded.Graph.Clone();
        var outputs = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        graph.Output.AddRange(graph.Node.Select(node => node.Name).Where(name => !outputs.Contains(name)).Select(name => new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float } },
        }));
        return File(graph);
    }

    /// <summary>The 8-bit network.</summary>
    /// <param name="ranges">The least and the largest number of each of <see cref="Activations"/>.</param>
    /// <exception cref="ArgumentException">A range is missing, or not finite.</exception>
    public byte[] Quantize(IReadOnlyDictionary<string, (float Least, float Most)> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        var graph = new OnnxGraph();
        graph.Graph.Input.Add(_model.Graph.Input);
        graph.Graph.Output.Add(_model.Graph.Output);
        var scales = new Dictionary<string, (float Scale, byte Zero)>(StringComparer.Ordinal);
        foreach (var name in Activations)
        {
            if (!ranges.TryGetValue(name, out var range) || !float.IsFinite(range.Least) || !float.IsFinite(range.Most))
            {
                throw new ArgumentException($"ranges must have finite numbers for '{name}'.", nameof(ranges));
            }

            var (least, most) = (float.Min(range.Least, 0), float.Max(range.Most, 0));
            var scale = most > least ? (most - least) / 255 : 1;
            scales[name] = (scale, (byte)Math.Clamp(Math.Round(-least / scale), 0, 255));
        }

        Pass(graph, OnnxExporter.Input, OnnxExporter.Input, scales[OnnxExporter.Input]);
        var folded = _folded.Graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (var node in _folded.Graph.Node)
        {
            if (node.OpType is "MaxPool" or "Flatten" or "Slice" or "Transpose" or "Reshape")
            {
                scales[node.Name] = scales[node.Input[0]]; // they hand numbers on as they are
            }

            var inputs = node.Input.Select((input, place) => !folded.TryGetValue(input, out var tensor)
                ? $"{input}.dequantized"
                : (node.OpType is "Conv" or "Gemm") && place > 0 ? Weights(graph, node, place, tensor, folded, scales[node.Input[0]].Scale) : Copy(graph, tensor)).ToArray();
            var copy = node.Clone();
            copy.Input.Clear();
            copy.Input.AddRange(inputs);
            copy.Output[0] = $"{node.Name}.float";
            graph.Graph.Node.Add(copy);
            Pass(graph, copy.Output[0], node.Name, scales[node.Name]);
        }

        foreach (var output in graph.Graph.Output)
        {
            graph.Graph.Node.Single(node => node.Output[0] == $"{output.Name}.dequantized").Output[0] = output.Name; // nobody else reads it
        }

        return File(graph.Graph);
    }

    private byte[] File(GraphProto graph) => new ModelProto { IrVersion = _model.IrVersion, ProducerName = _model.ProducerName, ProducerVersion = _model.ProducerVersion, OpsetImport = { _model.OpsetImport }, Graph = graph }.ToByteArray();

    /// <summary>A value through 8 bits.</summary>
    private static void Pass(OnnxGraph graph, string value, string name, (float Scale, byte Zero) numbers)
    {
        string[] parameters = [graph.Weight($"{name}.scale", [numbers.Scale]), graph.Weight($"{name}.zero", new[] { numbers.Zero })];
        graph.Add("QuantizeLinear", $"{name}.quantized", [value, .. parameters]);
        graph.Add("DequantizeLinear", $"{name}.dequantized", [$"{name}.quantized", .. parameters]);
    }

    private static string Copy(OnnxGraph graph, TensorProto tensor) => tensor.DataType == (int)TensorProto.Types.DataType.Int64
        ? graph.Numbers(tensor.Name, [.. MemoryMarshal.Cast<byte, long>(tensor.RawData.Span)])
        : graph.Weight(tensor.Name, Floats(tensor), [.. tensor.Dims]);

    /// <summary>The weights (input 1) or the bias (input 2) of a convolution or of the classifier.</summary>
    private static string Weights(OnnxGraph graph, NodeProto node, int place, TensorProto tensor, Dictionary<string, TensorProto> tensors, float inputScale)
    {
        var channels = node.OpType == "Conv";
        var scales = ScalesOf(Floats(tensors[node.Input[1]]), channels ? (int)tensors[node.Input[1]].Dims[0] : 1);
        var numbers = Floats(tensor);
        var name = $"{node.Name}.{(place == 1 ? "weight" : "bias")}";
        if (place == 1)
        {
            var terms = numbers.Length / scales.Length;
            sbyte[] quantized = [.. numbers.Select((number, i) => (sbyte)Math.Round(number / scales[i / terms]))];
            return Dequantize(graph.Weight($"{name}.numbers", quantized, [.. tensor.Dims]), scales, channels, name, graph);
        }

        float[] products = [.. scales.Select(scale => scale * inputScale)];
        int[] sums = [.. numbers.Select((number, i) => (int)Math.Clamp(Math.Round(number / (double)products[i % products.Length]), int.MinValue, int.MaxValue))];
        return Dequantize(graph.Weight($"{name}.numbers", sums, [.. tensor.Dims]), products, channels, name, graph);
    }

    private static string Dequantize(string numbers, float[] scales, bool channels, string name, OnnxGraph graph) => channels
        ? graph.Add("DequantizeLinear", name, [numbers, graph.Weight($"{name}.scale", scales, scales.Length)], ("axis", 0))
        : graph.Add("DequantizeLinear", name, [numbers, graph.Weight($"{name}.scale", scales)]);

    private static float[] ScalesOf(float[] numbers, int count)
    {
        var terms = numbers.Length / count;
        return [.. Enumerable.Range(0, count).Select(channel =>
        {
            var most = numbers.Skip(channel * terms).Take(terms).Max(Math.Abs);
            return most > 0 ? most / LargestWeight : 1;
        })];
    }

    private void Fold()
    {
        _folded.Graph.Input.Add(_model.Graph.Input);
        _folded.Graph.Output.Add(_model.Graph.Output);
        var nodes = _model.Graph.Node;
        var readers = nodes.SelectMany(node => node.Input.Select(input => (Input: input, Node: node))).ToLookup(pair => pair.Input, pair => pair.Node, StringComparer.Ordinal);
        var folded = new Dictionary<string, NodeProto>(StringComparer.Ordinal); // convolutions by the name of the normalisation behind them
        foreach (var node in nodes)
        {
            switch (node.OpType)
            {
                case "Conv" when readers[node.Name].ToList() is [{ OpType: "BatchNormalization" } norm]:
                    folded.Add(norm.Name, node);
                    break;
                case "Conv":
                    Add(node, "Conv", [node.Input[0], .. node.Input.Skip(1).Select(input => Copy(_folded, _weights[input]))], node.Attribute);
                    break;
                case "BatchNormalization":
                    Normalize(node, folded.GetValueOrDefault(node.Name));
                    break;
                case "PRelu" when Floats(_weights[node.Input[1]]) is var slopes && slopes.All(slope => slope == slopes[0]):
                    _folded.Add("LeakyRelu", node.Name, [node.Input[0]], ("alpha", slopes[0]));
                    break;
                case "PRelu" or "Relu" or "Clip" or "Add" or "Concat" or "MaxPool" or "AveragePool" or "GlobalAveragePool" or "Flatten" or "Gemm" or "Slice" or "Transpose" or "Reshape":
                    Add(node, node.OpType, node.Input.Select(input => _weights.TryGetValue(input, out var tensor) ? Copy(_folded, tensor) : input), node.Attribute);
                    break;
                default:
                    throw new InputException($"{node.Name}: the operator {node.OpType} has no 8-bit form here. Only networks of scheme none can be quantised.");
            }
        }
    }

    private void Normalize(NodeProto node, NodeProto? convolution)
    {
        float[][] parameters = [.. node.Input.Skip(1).Select(input => Floats(_weights[input]))];
        var channels = parameters[0].Length;
        float[] scale = [.. Enumerable.Range(0, channels).Select(channel => (float)(parameters[0][channel] / Math.Sqrt(parameters[3][channel] + Normalization.Epsilon)))];
        float[] shift = [.. Enumerable.Range(0, channels).Select(channel => (float)(parameters[1][channel] - (parameters[2][channel] * (double)scale[channel])))];
        var bias = _folded.Weight($"{node.Name}.folded_bias", shift, channels);
        if (convolution is null)
        {
            _folded.Add("Conv", node.Name, [node.Input[0], _folded.Weight($"{node.Name}.folded_weight", scale, channels, 1, 1, 1), bias], ("kernel_shape", new[] { 1, 1 }), ("group", channels));
            return;
        }

        var weights = _weights[convolution.Input[1]];
        var numbers = Floats(weights);
        var terms = numbers.Length / channels;
        float[] scaled = [.. numbers.Select((number, i) => number * scale[i / terms])];
        Add(node, "Conv", [convolution.Input[0], _folded.Weight($"{node.Name}.folded_weight", scaled, [.. weights.Dims]), bias], convolution.Attribute);
    }

    private void Add(NodeProto node, string operation, IEnumerable<string> inputs, IEnumerable<AttributeProto> attributes)
    {
        _folded.Add(operation, node.Name, inputs);
        _folded.Graph.Node[^1].Attribute.AddRange(attributes);
    }

    private static float[] Floats(TensorProto tensor) => MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
}
