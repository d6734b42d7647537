using System.Text.Json.Serialization;

namespace DcpNas.Protocols.Detection;

/// <summary>An annotation as it stands in the file; further keys, <c>ignore</c> among them, are passed over as pycocotools does.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record CocoAnnotationRecord(
    long ImageId,
    long CategoryId,
    double[] Bbox,
    double Area,
    [property: JsonPropertyName("iscrowd"), JsonConverter(typeof(CrowdConverter))] int IsCrowd = 0,
    [property: JsonPropertyOrder(-1)] long? Id = null);
