using System.Text.Json.Serialization;

namespace DcpNas.Protocols.Detection;

/// <summary>An annotation file as it stands.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record CocoAnnotationsRecord(CocoImageEntry[] Images, CocoAnnotationRecord[] Annotations, CocoCategoryEntry[] Categories);
