using System.Runtime.InteropServices;
using Google.Protobuf;

namespace DcpNas.Runtime.Benchmarks;

/// <summary>One protobuf message, written field by field: the few messages of ONNX that a chain of layers needs.</summary>
internal sealed class OnnxMessage
{
    private readonly List<byte> _bytes = [];

    public OnnxMessage Add(int field, long value) => Write(field, WireFormat.WireType.Varint, output => output.WriteInt64(value));

    public OnnxMessage Add(int field, string value) => Write(field, WireFormat.WireType.LengthDelimited, output => output.WriteString(value));

    public OnnxMessage Add(int field, byte[] value) => Write(field, WireFormat.WireType.LengthDelimited, output => output.WriteBytes(ByteString.CopyFrom(value)));

    public OnnxMessage Add(int field, OnnxMessage value) => Add(field, value.ToArray());

    public byte[] ToArray() => [.. _bytes];

    /// <summary>TensorProto.</summary>
    public static OnnxMessage Tensor<T>(string name, int type, T[] values, params long[] dimensions)
        where T : unmanaged
    {
        var tensor = new OnnxMessage();
        foreach (var dimension in dimensions)
        {
            tensor.Add(1, dimension);
        }

        return tensor.Add(2, type).Add(8, name).Add(9, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }

    /// <summary>NodeProto.</summary>
    public static OnnxMessage Node(string type, string[] inputs, string output, params OnnxMessage[] attributes)
    {
        var node = new OnnxMessage();
        foreach (var input in inputs)
        {
            node.Add(1, input);
        }

        node.Add(2, output).Add(4, type);
        foreach (var attribute in attributes)
        {
            node.Add(5, attribute);
        }

        return node;
    }

    /// <summary>AttributeProto of one integer.</summary>
    public static OnnxMessage Attribute(string name, long value) => new OnnxMessage().Add(1, name).Add(3, value).Add(20, 2);

    /// <summary>AttributeProto of several integers.</summary>
    public static OnnxMessage Attribute(string name, long[] values)
    {
        var attribute = new OnnxMessage().Add(1, name);
        foreach (var value in values)
        {
            attribute.Add(8, value);
        }

        return attribute.Add(20, 7);
    }

    /// <summary>ValueInfoProto.</summary>
    public static OnnxMessage Value(string name, int type, params long[] dimensions)
    {
        var shape = new OnnxMessage();
        foreach (var dimension in dimensions)
        {
            shape.Add(1, new OnnxMessage().Add(1, dimension));
        }

        return new OnnxMessage().Add(1, name).Add(2, new OnnxMessage().Add(1, new OnnxMessage().Add(1, type).Add(2, shape)));
    }

    private OnnxMessage Write(int field, WireFormat.WireType type, Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(field, type);
            write(output);
        }

        _bytes.AddRange(stream.ToArray());
        return this;
    }
}
