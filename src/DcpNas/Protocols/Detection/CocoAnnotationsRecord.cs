using System.Text.Json.Serialization;

namespace DcpNas.Protocols.Detection;

/// <summary>An annotation file as it stands.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record CocoAnnotationsRecord(CocoImageEntry[] Images, CocoAnnotationRecord[] Annotations, CocoCategoryEntry[] Categories);

/// <summary>A category of a COCO annotation file.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name, where given.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CocoCategoryEntry(long Id, string? Name = null);

/// <summary>An image of a COCO annotation file.</summary>
/// <param name="Id">Its number.</param>
/// <param name="FileName">The name of its file, where given.</param>
/// <param name="Width">Pixels, where given.</param>
/// <param name="Height">Pixels, where given.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CocoImageEntry(long Id, string? FileName = null, long? Width = null, long? Height = null);
