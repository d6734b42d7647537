namespace DcpNas.Embedded;

/// <summary>The element types of values and tables in the generated code.</summary>
internal enum CType
{
    /// <summary>int8_t.</summary>
    Int8,

    /// <summary>int16_t.</summary>
    Int16,

    /// <summary>int32_t.</summary>
    Int32,

    /// <summary>uint32_t: words of bits.</summary>
    Word,
}
