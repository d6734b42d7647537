namespace DcpNas.Runs.Report;

/// <summary>A stretch of the x axis with a tinted ground: a phase.</summary>
/// <param name="From">First x.</param>
/// <param name="To">Last x.</param>
/// <param name="Tint">a, b or c: which of the three tints of <see cref="ChartStyle.Sheet"/>.</param>
public readonly record struct ChartBand(double From, double To, char Tint);
