using DcpNas.Runtime.Model;
using static TorchSharp.torch;

namespace DcpNas.Foundation;

/// <summary>The element types of safetensors files as types of libtorch.</summary>
internal static class SafetensorsTypes
{
    // In the order of ElementType.
    private static readonly ScalarType[] Types =
    [
        ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16,
        ScalarType.Int64, ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
    ];

    /// <summary>The type in a file.</summary>
    /// <exception cref="ArgumentException">The format has no such type.</exception>
    public static ElementType Of(ScalarType type, string tensor) => Array.IndexOf(Types, type) is >= 0 and var index
        ? (ElementType)index
        : throw new ArgumentException($"The element type of tensor '{tensor}' must be one of {ElementTypes.Known}, got {type}.", nameof(type));

    /// <summary>The type in memory.</summary>
    public static ScalarType InMemory(ElementType type) => Types[(int)type];
}
