namespace DcpNas.Protocols.Detection;

/// <summary>A category of a COCO annotation file.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name, where given.</param>
public sealed record CocoCategoryEntry(int Id, string? Name = null);
