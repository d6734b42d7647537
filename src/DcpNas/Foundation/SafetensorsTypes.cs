using static TorchSharp.torch;

namespace DcpNas.Foundation;

/// <summary>The element types of safetensors that TorchSharp has too: name in the file, size in bytes.</summary>
internal static class SafetensorsTypes
{
    private static readonly (ScalarType Type, string Name, int Size)[] Table =
    [
        (ScalarType.Float64, "F64", 8),
        (ScalarType.Float32, "F32", 4),
        (ScalarType.Float16, "F16", 2),
        (ScalarType.BFloat16, "BF16", 2),
        (ScalarType.Int64, "I64", 8),
        (ScalarType.Int32, "I32", 4),
        (ScalarType.Int16, "I16", 2),
        (ScalarType.Int8, "I8", 1),
        (ScalarType.Byte, "U8", 1),
        (ScalarType.Bool, "BOOL", 1),
    ];

    /// <summary>The names, for messages.</summary>
    public static string Known { get; } = string.Join(", ", Table.Select(row => row.Name));

    /// <summary>Name and size of a type.</summary>
    /// <exception cref="ArgumentException">The format has no such type.</exception>
    public static (string Name, int Size) Of(ScalarType type, string tensor)
    {
        foreach (var row in Table)
        {
            if (row.Type == type)
            {
                return (row.Name, row.Size);
            }
        }

        throw new ArgumentException($"The element type of tensor '{tensor}' must be one of {Known}, got {type}.", nameof(type));
    }

    /// <summary>The type of a name, or null.</summary>
    public static (ScalarType Type, int Size)? Parse(string? name)
    {
        foreach (var row in Table)
        {
            if (row.Name == name)
            {
                return (row.Type, row.Size);
            }
        }

        return null;
    }
}
