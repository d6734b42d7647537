namespace DcpNas.Protocols.Detection;

/// <summary>A detection as it stands in a results file.</summary>
internal sealed record CocoResultRecord(long ImageId, int CategoryId, double[] Bbox, double Score);
