namespace DcpNas.Runtime.Model;

/// <summary>The element types of safetensors files; a model file uses F32, I32, I64, U8, I16 and I8.</summary>
internal enum ElementType
{
    /// <summary>F64.</summary>
    Float64,

    /// <summary>F32.</summary>
    Float32,

    /// <summary>F16.</summary>
    Float16,

    /// <summary>BF16.</summary>
    BFloat16,

    /// <summary>I64; in a model file packed words.</summary>
    Int64,

    /// <summary>I32.</summary>
    Int32,

    /// <summary>I16.</summary>
    Int16,

    /// <summary>I8.</summary>
    Int8,

    /// <summary>U8.</summary>
    UInt8,

    /// <summary>BOOL.</summary>
    Bool,
}

/// <summary>Names of element types in files, and sizes in bytes.</summary>
internal static class ElementTypes
{
    // In the order of ElementType.
    private static readonly (string Name, int Size)[] Table =
        [("F64", 8), ("F32", 4), ("F16", 2), ("BF16", 2), ("I64", 8), ("I32", 4), ("I16", 2), ("I8", 1), ("U8", 1), ("BOOL", 1)];

    /// <summary>The names, for messages.</summary>
    public static string Known { get; } = string.Join(", ", Table.Select(row => row.Name));

    public static string Name(this ElementType type) => Table[(int)type].Name;

    public static int Size(this ElementType type) => Table[(int)type].Size;

    /// <summary>The type of a name, or null.</summary>
    public static ElementType? Parse(string name)
    {
        var index = Array.FindIndex(Table, row => row.Name == name);
        return index < 0 ? null : (ElementType)index;
    }
}
