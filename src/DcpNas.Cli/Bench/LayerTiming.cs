namespace DcpNas.Cli.Bench;

/// <summary>How long a layer takes.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Type">Its type.</param>
/// <param name="Microseconds">Mean wall time per image, on one thread.</param>
/// <param name="Share">Of the time of all layers, 0 to 1.</param>
internal sealed record LayerTiming(string Node, string Type, double Microseconds, double Share);
