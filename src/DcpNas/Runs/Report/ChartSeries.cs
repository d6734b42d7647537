namespace DcpNas.Runs.Report;

/// <summary>A curve.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Points">x rising; points that are not finite leave a gap.</param>
/// <param name="Colour">Of the line; null takes the next of <see cref="ChartStyle.Palette"/>.</param>
/// <param name="Dashed">Whether the line is dashed.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<(double X, double Y)> Points, string? Colour = null, bool Dashed = false);
