using System.Text.Json.Serialization;

namespace DcpNas.Protocols.Detection;

/// <summary>A detection as it stands in a results file.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record CocoResultRecord(long ImageId, long CategoryId, double[] Bbox, double Score);
