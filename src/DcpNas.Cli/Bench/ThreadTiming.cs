namespace DcpNas.Cli.Bench;

/// <summary>How fast a model runs on a number of threads.</summary>
/// <param name="Threads">Threads.</param>
/// <param name="Milliseconds">Wall time per image, over the calls.</param>
/// <param name="ImagesPerSecond">Images over the wall time of all calls.</param>
/// <param name="Calls">Calls that were measured.</param>
internal sealed record ThreadTiming(int Threads, Spread Milliseconds, double ImagesPerSecond, int Calls);
