using System.Runtime.InteropServices;
using Google.Protobuf;

namespace DcpNas.Export.Onnx;

/// <summary>Nodes and weights of an ONNX graph under construction. A node has one output, of the same name.</summary>
internal sealed class OnnxGraph
{
    private readonly Dictionary<string, byte[]> _weights = [];

    /// <summary>The graph so far.</summary>
    public GraphProto Graph { get; } = new() { Name = "network" };

    /// <summary>Adds a node and returns the name of its value.</summary>
    /// <param name="operation">An operator of the standard.</param>
    /// <param name="name">The node.</param>
    /// <param name="inputs">Names of values and weights.</param>
    /// <param name="attributes">Whole numbers, lists of them, or float32 numbers by name.</param>
    public string Add(string operation, string name, IEnumerable<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new NodeProto { Name = name, OpType = operation };
        node.Input.AddRange(inputs);
        node.Output.Add(name);
        foreach (var (key, value) in attributes)
        {
            node.Attribute.Add(AttributeOf(key, value));
        }

        Graph.Node.Add(node);
        return name;
    }

    /// <summary>Adds a float32 tensor and returns its name; without sizes it is a number.</summary>
    public string Weight(string name, float[] numbers, params ReadOnlySpan<long> sizes) => Add(name, TensorProto.Types.DataType.Float, numbers, sizes);

    /// <summary>Adds an int8 tensor and returns its name.</summary>
    public string Weight(string name, sbyte[] numbers, params ReadOnlySpan<long> sizes) => Add(name, TensorProto.Types.DataType.Int8, numbers, sizes);

    /// <summary>Adds an uint8 tensor and returns its name.</summary>
    public string Weight(string name, byte[] numbers, params ReadOnlySpan<long> sizes) => Add(name, TensorProto.Types.DataType.Uint8, numbers, sizes);

    /// <summary>Adds an int32 tensor and returns its name.</summary>
    public string Weight(string name, int[] numbers, params ReadOnlySpan<long> sizes) => Add(name, TensorProto.Types.DataType.Int32, numbers, sizes);

    /// <summary>Adds a list of int64 numbers and returns its name.</summary>
    public string Numbers(string name, params long[] numbers) => Add(name, TensorProto.Types.DataType.Int64, numbers, [numbers.Length]);

    /// <summary>The description of an input or output; null is a size that callers choose.</summary>
    public static ValueInfoProto Describe(string name, params ReadOnlySpan<long?> sizes)
    {
        var shape = new TensorShapeProto();
        foreach (var size in sizes)
        {
            shape.Dim.Add(size is { } known ? new TensorShapeProto.Types.Dimension { DimValue = known } : new TensorShapeProto.Types.Dimension { DimParam = "N" });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } } };
    }

    private string Add<T>(string name, TensorProto.Types.DataType type, T[] numbers, ReadOnlySpan<long> sizes)
        where T : unmanaged
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type };
        tensor.Dims.AddRange(sizes.ToArray());
        return Add(tensor, MemoryMarshal.AsBytes<T>(numbers).ToArray());
    }

    /// <summary>The same numbers under one name are stored once.</summary>
    private string Add(TensorProto tensor, byte[] bytes)
    {
        if (_weights.TryGetValue(tensor.Name, out var known))
        {
            return known.AsSpan().SequenceEqual(bytes) ? tensor.Name : throw new InvalidOperationException($"Bug in DcpNas: two tensors are called '{tensor.Name}'.");
        }

        _weights.Add(tensor.Name, bytes);
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes); // little-endian by the standard, as is every machine that libtorch runs on
        Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private static AttributeProto AttributeOf(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case float number:
                (attribute.F, attribute.Type) = (number, AttributeProto.Types.AttributeType.Float);
                break;
            case int number:
                (attribute.I, attribute.Type) = (number, AttributeProto.Types.AttributeType.Int);
                break;
            case int[] numbers:
                attribute.Ints.AddRange(numbers.Select(number => (long)number));
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                break;
            default:
                throw new InvalidOperationException($"Bug in DcpNas: attribute {name} is of type {value.GetType().Name}.");
        }

        return attribute;
    }
}
