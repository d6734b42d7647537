namespace DcpNas.Foundation;

/// <summary>Says whose options a property of type JsonObject holds: some of those of another record, as the options of one row of a comparison that differ from the common ones.</summary>
/// <param name="record">The record that declares them (<see cref="OptionAttribute"/>).</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SectionOfAttribute(Type record) : Attribute
{
    /// <summary>The record that declares the options.</summary>
    public Type Record { get; } = record;
}
