namespace DcpNas.Runtime.Model;

/// <summary>The element types of tensors in a model file, a subset of those of safetensors.</summary>
internal enum ElementType
{
    /// <summary>F32.</summary>
    Float32,

    /// <summary>I32.</summary>
    Int32,

    /// <summary>I64: packed words.</summary>
    Int64,

    /// <summary>U8.</summary>
    UInt8,

    /// <summary>I16.</summary>
    Int16,

    /// <summary>I8.</summary>
    Int8,
}
