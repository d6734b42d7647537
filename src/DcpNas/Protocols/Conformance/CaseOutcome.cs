namespace DcpNas.Protocols.Conformance;

/// <summary>What came out of a case.</summary>
/// <param name="Name">The name of the case.</param>
/// <param name="Protocol">The key of its protocol.</param>
/// <param name="Why">Why its expected values are what they are.</param>
/// <param name="Measures">Its numbers.</param>
public sealed record CaseOutcome(string Name, string Protocol, string Why, IReadOnlyList<MeasureOutcome> Measures)
{
    /// <summary>What is odd in its input, one sentence each; empty for most.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether all its numbers agree.</summary>
    public bool Agrees => Measures.All(measure => measure.Agrees);
}
