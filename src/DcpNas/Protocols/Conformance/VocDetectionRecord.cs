namespace DcpNas.Protocols.Conformance;

/// <summary>A detection in a VOC case: its box as <c>[x1, y1, x2, y2]</c>.</summary>
internal sealed record VocDetectionRecord(long Image, long Category, double[] Box, double Score);
