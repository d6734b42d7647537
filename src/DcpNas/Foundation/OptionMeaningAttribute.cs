namespace DcpNas.Foundation;

/// <summary>What an inherited value means in a record, in place of what the base type declares; its range stays (<see cref="OptionAttribute"/>).</summary>
/// <param name="property">The name of the inherited property.</param>
/// <param name="meaning">What the value is for.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class OptionMeaningAttribute(string property, string meaning) : Attribute
{
    /// <summary>The name of the inherited property.</summary>
    public string Property { get; } = property;

    /// <summary>What the value is for.</summary>
    public string Meaning { get; } = meaning;

    /// <summary>The class whose list <c>All</c> holds the names of which the value is one.</summary>
    public Type? Names { get; init; }

    /// <summary>What it means that the value is absent.</summary>
    public string? None { get; init; }

    /// <summary>Whether the record does not use the value, so that its range is of no interest.</summary>
    public bool IsUnused { get; init; }
}
