using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DcpNas.Runtime.Model;

/// <summary>One tensor of a model file: little-endian bytes.</summary>
/// <param name="Name">The key.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">One size per dimension.</param>
/// <param name="Data">The elements, last dimension innermost.</param>
internal sealed record ModelTensor(string Name, ElementType Type, int[] Shape, ReadOnlyMemory<byte> Data)
{
    public static ModelTensor Of(string name, ReadOnlySpan<float> values, int[] shape)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return new ModelTensor(name, ElementType.Float32, shape, bytes);
    }

    public static ModelTensor Of(string name, ReadOnlySpan<int> values, int[] shape)
    {
        var bytes = new byte[values.Length * sizeof(int)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), values[i]);
        }

        return new ModelTensor(name, ElementType.Int32, shape, bytes);
    }

    public static ModelTensor Of(string name, ReadOnlySpan<ulong> values, int[] shape)
    {
        var bytes = new byte[values.Length * sizeof(ulong)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), values[i]);
        }

        return new ModelTensor(name, ElementType.Int64, shape, bytes);
    }

    public static ModelTensor Of(string name, ReadOnlySpan<ThresholdRule> values, int[] shape) =>
        new(name, ElementType.UInt8, shape, MemoryMarshal.Cast<ThresholdRule, byte>(values).ToArray());

    public static ModelTensor Of(string name, ReadOnlySpan<short> values, int[] shape)
    {
        var bytes = new byte[values.Length * sizeof(short)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(i * sizeof(short)), values[i]);
        }

        return new ModelTensor(name, ElementType.Int16, shape, bytes);
    }

    public static ModelTensor Of(string name, ReadOnlySpan<sbyte> values, int[] shape) =>
        new(name, ElementType.Int8, shape, MemoryMarshal.Cast<sbyte, byte>(values).ToArray());

    public float[] ToFloats()
    {
        var values = new float[Data.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(Data.Span[(i * sizeof(float))..]);
        }

        return values;
    }

    public int[] ToInts()
    {
        var values = new int[Data.Length / sizeof(int)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadInt32LittleEndian(Data.Span[(i * sizeof(int))..]);
        }

        return values;
    }

    public short[] ToShorts()
    {
        var values = new short[Data.Length / sizeof(short)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadInt16LittleEndian(Data.Span[(i * sizeof(short))..]);
        }

        return values;
    }

    public sbyte[] ToSignedBytes() => MemoryMarshal.Cast<byte, sbyte>(Data.Span).ToArray();

    public ulong[] ToWords()
    {
        var values = new ulong[Data.Length / sizeof(ulong)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadUInt64LittleEndian(Data.Span[(i * sizeof(ulong))..]);
        }

        return values;
    }

    public ThresholdRule[] ToRules() => MemoryMarshal.Cast<byte, ThresholdRule>(Data.Span).ToArray();
}
