using DcpNas.Runs.Report;

namespace DcpNas.Runs;

/// <summary>Accuracy of networks against what they take on a microcontroller, with the Pareto front of each.</summary>
internal static class ChipCharts
{
    /// <summary>The charts of flash, RAM and instructions.</summary>
    /// <param name="core">The processor.</param>
    /// <param name="accuracy">What the accuracy is, as <c>validation top-1</c>.</param>
    /// <param name="networks">The networks.</param>
    /// <param name="mark">The number of the one that stands out; null for none.</param>
    /// <param name="limits">The most of each that is allowed, in the same order; null where there is no limit.</param>
    public static IEnumerable<string> Render(
        string core, string accuracy, IReadOnlyList<(string Name, double Accuracy, double FlashBytes, double ArenaBytes, double Instructions)> networks, int? mark = null,
        (double? FlashBytes, double? ArenaBytes, double? Instructions) limits = default)
    {
        yield return Chart("flash", "flash, KiB", network => network.FlashBytes / 1024, limits.FlashBytes / 1024);
        yield return Chart("RAM", "RAM of values, KiB", network => network.ArenaBytes / 1024, limits.ArenaBytes / 1024);
        yield return Chart("instructions", "instructions an image, M", network => network.Instructions / 1e6, limits.Instructions / 1e6);

        string Chart(string what, string label, Func<(string Name, double Accuracy, double FlashBytes, double ArenaBytes, double Instructions), double> value, double? limit)
        {
            var points = networks.Select(network => (value(network), network.Accuracy, network.Name)).ToList();
            return new ScatterChart
            {
                Title = $"{char.ToUpperInvariant(accuracy[0])}{accuracy[1..]} against {what} on {core}, with the Pareto front",
                XLabel = label,
                YLabel = accuracy,
                Points = points,
                Mark = mark is { } index && index < points.Count ? points[index] : null,
                HasFront = true,
                Limit = limit,
            }.Render();
        }
    }
}
