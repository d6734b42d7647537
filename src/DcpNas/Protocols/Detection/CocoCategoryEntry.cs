using System.Text.Json.Serialization;

namespace DcpNas.Protocols.Detection;

/// <summary>A category of a COCO annotation file.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name, where given.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CocoCategoryEntry(long Id, string? Name = null);
