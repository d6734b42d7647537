using DcpNas.Runtime.Model;

namespace DcpNas.Embedded;

/// <summary>A value of the graph, or scratch memory of a step, as it lies in the arena.</summary>
internal sealed class CValue
{
    /// <summary>A value.</summary>
    /// <param name="name">Of the node that makes it.</param>
    /// <param name="type">Of its elements.</param>
    /// <param name="elements">How many there are.</param>
    /// <param name="first">The step that makes it.</param>
    public CValue(string name, CType type, long elements, int first)
    {
        (Name, Type, Elements, First, Last) = (name, type, elements, first, first);
        Buffer = new ArenaBuffer(elements * CTable.SizeOf(type), first);
        Buffer.Values.Add(this);
    }

    public string Name { get; }

    public CType Type { get; }

    public long Elements { get; }

    public int First { get; }

    /// <summary>The last step that reads it.</summary>
    public int Last { get; private set; }

    /// <summary>Where it lies; values that follow each other in place share one.</summary>
    public ArenaBuffer Buffer { get; private set; }

    /// <summary>Where among the results it is written, of a value that nobody reads but the caller; it takes no place in the arena then.</summary>
    public long? ResultOffset { get; set; }

    public long Bytes => Elements * CTable.SizeOf(Type);

    /// <summary>The pointer to it in C.</summary>
    public string Pointer => ResultOffset is { } offset
        ? $"(results + {offset})"
        : $"(({CTable.NameOf(Type)} *)(void *)(memory + {Buffer.Offset}))";

    /// <summary>Words of 32 channels per pixel.</summary>
    public static int WordsOf(int channels) => (channels + 31) / 32;

    /// <summary>The type and the number of elements of a value of the graph.</summary>
    public static (CType Type, long Elements) LayoutOf(ValueShape shape, CType sums, int bits) => shape.Kind switch
    {
        ValueKind.Bits => (CType.Word, (long)shape.Height * shape.Width * WordsOf(shape.Channels)),
        ValueKind.Sums => (sums, shape.Elements),
        _ => (bits == 8 ? CType.Int8 : CType.Int16, shape.Elements),
    };

    public void ReadBy(int step)
    {
        Last = Math.Max(Last, step);
        Buffer.Last = Math.Max(Buffer.Last, step);
    }

    /// <summary>Lies where another value lies, which this step reads last.</summary>
    public void TakePlaceOf(CValue other)
    {
        Buffer = other.Buffer;
        Buffer.Values.Add(this);
        Buffer.Last = Math.Max(Buffer.Last, Last);
        Buffer.Bytes = Math.Max(Buffer.Bytes, Bytes);
    }
}
