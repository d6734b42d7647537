namespace DcpNas.Cli.Bench;

/// <summary>How long a layer takes.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Type">Its type.</param>
/// <param name="Microseconds">Wall time per image on one thread, the median of the calls.</param>
/// <param name="Share">Of the time of all layers, 0 to 1.</param>
internal sealed record LayerTiming(string Node, string Type, double Microseconds, double Share);
