namespace DcpNas.Networks;

/// <summary>The last map of one resolution of the body: what detectors build on.</summary>
/// <param name="Channels">Channels of the map.</param>
/// <param name="Stride">Pixels of the image per pixel of the map; sizes that do not divide are rounded up.</param>
public sealed record FeatureStage(int Channels, int Stride);
