using System.Text.Json.Serialization;

namespace DcpNas.Protocols.Detection;

/// <summary>An annotation as it stands in the file.</summary>
internal sealed record CocoAnnotationRecord(
    long ImageId, int CategoryId, double[] Bbox, double Area, [property: JsonPropertyName("iscrowd")] int IsCrowd = 0, [property: JsonPropertyOrder(-1)] long? Id = null);
