namespace DcpNas.Protocols.Detection;

/// <summary>An object that a detector claims to see.</summary>
/// <param name="Image">Number of the image.</param>
/// <param name="Category">Number of the category; any whole number.</param>
/// <param name="Box">Where.</param>
/// <param name="Score">How sure the detector is: larger is surer, any finite number.</param>
public sealed record DetectionBox(long Image, long Category, BoundingBox Box, double Score);
