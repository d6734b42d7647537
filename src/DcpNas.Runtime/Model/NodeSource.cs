using System.Text.Json;

namespace DcpNas.Runtime.Model;

/// <summary>A node as the file describes it: attributes and tensors are taken out one by one, and nothing may be left.</summary>
internal sealed class NodeSource
{
    private readonly Dictionary<string, JsonElement> _attributes;
    private readonly Dictionary<string, ModelTensor> _tensors;

    /// <summary>Wraps a node.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="inputs">Names of its inputs.</param>
    /// <param name="attributes">All other keys of its JSON object.</param>
    /// <param name="tensors">All tensors of the file by name; those of the node are taken out.</param>
    public NodeSource(string name, string type, IReadOnlyList<string> inputs, Dictionary<string, JsonElement> attributes, Dictionary<string, ModelTensor> tensors)
    {
        Name = name;
        Type = type;
        Inputs = inputs;
        _attributes = attributes;
        _tensors = tensors;
    }

    public string Name { get; }

    public string Type { get; }

    public IReadOnlyList<string> Inputs { get; }

    public string Place => $"node '{Name}'";

    public string Input() => Inputs.Count == 1 ? Inputs[0] : throw new ModelFaultException(Place, "1 input", $"{Inputs.Count}");

    public int Integer(string key) => OptionalInteger(key) ?? throw new ModelFaultException(Place, $"an attribute {key}", "none");

    public bool Flag(string key)
    {
        if (!_attributes.Remove(key, out var value))
        {
            throw new ModelFaultException(Place, $"an attribute {key}", "none");
        }

        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.ValueKind == JsonValueKind.True
            : throw new ModelFaultException($"{Place}, {key}", "true or false", $"{value.ValueKind}");
    }

    public ConvolutionGeometry Geometry() => new(Integer("kernel"), Integer("stride"), Integer("padding"), Integer("dilation"), Offset());

    public int Offset() => OptionalInteger("offset") ?? 0;

    public SignWeights SignWeights(ConvolutionGeometry geometry)
    {
        var depthwise = Flag("depthwise");
        var inChannels = Integer("in_channels");
        NodeCheck.Range(Place, "in_channels", inChannels, 1, ModelLimits.Channels);
        var tensor = Take("weight", ElementType.Int64, depthwise ? 3 : 4) ?? throw Missing("weight");
        var outChannels = depthwise ? inChannels : tensor.Shape[0];
        var weights = new SignWeights(tensor.ToWords(), outChannels, inChannels, geometry.Kernel, depthwise);
        if (!tensor.Shape.AsSpan().SequenceEqual(weights.TensorShape))
        {
            throw new ModelFaultException(Place, $"weight of shape [{string.Join(", ", weights.TensorShape)}]", $"[{string.Join(", ", tensor.Shape)}]");
        }

        return weights;
    }

    public float[] Floats(string slot) => Floats(slot, 1, out _);

    public float[] Floats(string slot, int rank, out int[] shape)
    {
        var tensor = Take(slot, ElementType.Float32, rank) ?? throw Missing(slot);
        shape = tensor.Shape;
        return tensor.ToFloats();
    }

    // A null array would become an empty memory, not a null one: hence the longer form.
    public ReadOnlyMemory<float>? OptionalFloats(string slot) => Take(slot, ElementType.Float32, 1) is { } tensor ? tensor.ToFloats() : default(ReadOnlyMemory<float>?);

    public ReadOnlyMemory<int>? OptionalInts(string slot) => Take(slot, ElementType.Int32, 1) is { } tensor ? tensor.ToInts() : default(ReadOnlyMemory<int>?);

    public ReadOnlyMemory<ThresholdRule>? OptionalRules(string slot) =>
        Take(slot, ElementType.UInt8, 1) is { } tensor ? tensor.ToRules() : default(ReadOnlyMemory<ThresholdRule>?);

    public ReadOnlyMemory<ThresholdRule> Rules(string slot) => OptionalRules(slot) ?? throw Missing(slot);

    public int[] Ints(string slot) => (Take(slot, ElementType.Int32, 1) ?? throw Missing(slot)).ToInts();

    public short[] Shorts(string slot) => (Take(slot, ElementType.Int16, 1) ?? throw Missing(slot)).ToShorts();

    /// <summary>Weights of 8 or of 16 bits.</summary>
    public short[] IntegerWeights(string slot, int[] shape)
    {
        var (key, isByte) = ($"{Name}.{slot}", false);
        if (_tensors.TryGetValue(key, out var found))
        {
            isByte = found.Type == ElementType.Int8;
            _ = isByte || found.Type == ElementType.Int16 ? 0 : throw new ModelFaultException($"tensor '{key}'", "I8 or I16", found.Type.Name());
        }

        var tensor = Take(slot, isByte ? ElementType.Int8 : ElementType.Int16, shape.Length) ?? throw Missing(slot);
        if (!tensor.Shape.AsSpan().SequenceEqual(shape))
        {
            throw new ModelFaultException(Place, $"{slot} of shape [{string.Join(", ", shape)}]", $"[{string.Join(", ", tensor.Shape)}]");
        }

        if (isByte && tensor.Data.Span.Contains((byte)0x80))
        {
            throw new ModelFaultException(Place, $"weights of 8 bits from -127 to 127 in {slot}", "-128");
        }

        return isByte ? Array.ConvertAll(tensor.ToSignedBytes(), weight => (short)weight) : tensor.ToShorts();
    }

    public void ExpectNothingLeft()
    {
        foreach (var key in _attributes.Keys)
        {
            throw new ModelFaultException(Place, $"attributes of {Type}", $"'{key}'");
        }
    }

    private ModelFaultException Missing(string slot) => new(Place, $"a tensor '{Name}.{slot}'", "none");

    public int? OptionalInteger(string key)
    {
        if (!_attributes.Remove(key, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw new ModelFaultException($"{Place}, {key}", "a whole number of 32 bits", value.GetRawText());
    }

    private ModelTensor? Take(string slot, ElementType type, int rank)
    {
        if (!_tensors.Remove($"{Name}.{slot}", out var tensor))
        {
            return null;
        }

        if (tensor.Type != type || tensor.Shape.Length != rank)
        {
            throw new ModelFaultException($"tensor '{tensor.Name}'", $"{type.Name()} of {rank} dimensions",
                $"{tensor.Type.Name()} of {tensor.Shape.Length}");
        }

        return tensor;
    }
}
