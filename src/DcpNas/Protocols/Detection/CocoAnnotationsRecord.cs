namespace DcpNas.Protocols.Detection;

/// <summary>An annotation file as it stands.</summary>
internal sealed record CocoAnnotationsRecord(CocoImageEntry[] Images, CocoAnnotationRecord[] Annotations, CocoCategoryEntry[] Categories);
