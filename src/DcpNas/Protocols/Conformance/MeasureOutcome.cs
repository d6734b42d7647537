namespace DcpNas.Protocols.Conformance;

/// <summary>One number of a case.</summary>
/// <param name="Name">The name of the measure.</param>
/// <param name="Expected">What the case expects; for a random case, what the literal implementation finds.</param>
/// <param name="Found">What the evaluator finds; null if it does not know the measure.</param>
/// <param name="Reference">What the reference implementation finds; null if it does not know the measure.</param>
public sealed record MeasureOutcome(string Name, double Expected, double? Found, double? Reference)
{
    /// <summary>How far apart equal numbers may be.</summary>
    public const double Tolerance = 1e-12;

    /// <summary>Whether all agree.</summary>
    public bool Agrees => Found is { } found && Reference is { } reference && Math.Abs(found - Expected) <= Tolerance && Math.Abs(reference - Expected) <= Tolerance;
}
