namespace DcpNas.Foundation;

/// <summary>Says that a value of an options record is handed on to another record, which declares it (<see cref="OptionAttribute"/>) and checks it.</summary>
/// <param name="record">The record that declares the value.</param>
/// <param name="property">The name of its property, where that differs.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionOfAttribute(Type record, string? property = null) : Attribute
{
    /// <summary>The record that declares the value.</summary>
    public Type Record { get; } = record;

    /// <summary>The name of the property there; null: the same.</summary>
    public string? Property { get; } = property;

    /// <summary>What it means that the value is absent.</summary>
    public string? None { get; init; }

    /// <summary>The name of the variant that alone reads the value, which all others leave at its default; null: all read it.</summary>
    public string? For { get; init; }
}
