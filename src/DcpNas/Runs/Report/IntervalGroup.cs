namespace DcpNas.Runs.Report;

/// <summary>Measurements that belong together, for <see cref="IntervalChart"/>.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Points">The measurements, each with what tells it from the others.</param>
/// <param name="Low">Lower end of the interval of the mean of y; null where there is none.</param>
/// <param name="High">Upper end of it.</param>
public sealed record IntervalGroup(string Name, IReadOnlyList<(double X, double Y, string Name)> Points, double? Low, double? High);
