namespace DcpNas.Cli.Bench;

/// <summary>How fast a model runs on a number of threads.</summary>
/// <param name="Threads">Threads.</param>
/// <param name="Milliseconds">Wall time per image, over the calls.</param>
/// <param name="CpuMilliseconds">CPU time of the whole process per image; far above threads x wall time it shows work besides, far below a machine that others use.</param>
/// <param name="ImagesPerSecond">Images over the wall time of all calls.</param>
/// <param name="Calls">Calls that were measured.</param>
internal sealed record ThreadTiming(int Threads, Spread Milliseconds, double CpuMilliseconds, double ImagesPerSecond, int Calls);
