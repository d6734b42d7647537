namespace DcpNas.Tasks.Detection;

/// <summary>From which overlaps on a box learns an object, and up to which the background.</summary>
/// <param name="Positive">A box learns the object that it overlaps by so much; above 0, at most 1.</param>
/// <param name="Background">A box that overlaps every object by less learns the background; at most <paramref name="Positive"/>. Between both it learns nothing.</param>
/// <param name="EveryObject">Whether each object takes a box of its own first, whatever their overlap.</param>
public readonly record struct MatchRule(double Positive, double Background, bool EveryObject);
