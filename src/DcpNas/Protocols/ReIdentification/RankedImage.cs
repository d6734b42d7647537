namespace DcpNas.Protocols.ReIdentification;

/// <summary>A gallery image at its place in the list of a query.</summary>
/// <param name="Image">Its place in the gallery.</param>
/// <param name="Distance">How far it is from the query, after re-ranking if that is used.</param>
/// <param name="IsMatch">It shows the query's identity.</param>
public readonly record struct RankedImage(int Image, double Distance, bool IsMatch);
