namespace DcpNas.Protocols.Conformance;

/// <summary>What came out of the random cases of one protocol.</summary>
/// <param name="Protocol">Its key.</param>
/// <param name="Cases">How many were evaluated.</param>
/// <param name="Numbers">Numbers that were compared.</param>
/// <param name="Disagreements">The cases in which a number differs.</param>
public sealed record RandomOutcome(string Protocol, int Cases, int Numbers, IReadOnlyList<CaseOutcome> Disagreements);
