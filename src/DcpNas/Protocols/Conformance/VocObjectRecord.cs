namespace DcpNas.Protocols.Conformance;

/// <summary>An object in a VOC case: its box as <c>[x1, y1, x2, y2]</c>.</summary>
internal sealed record VocObjectRecord(long Image, long Category, double[] Box, bool Difficult = false);
