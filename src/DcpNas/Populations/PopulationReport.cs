using System.Globalization;
using DcpNas.Runs;
using DcpNas.Runs.Report;

namespace DcpNas.Populations;

/// <summary>The page of a population: how wide the field is, what the seed of the training adds, and every network.</summary>
public static class PopulationReport
{
    /// <summary>The page in the folder.</summary>
    public const string File = "population.html";

    private const int ShownCurves = 8;

    /// <summary>Writes the page.</summary>
    /// <param name="folder">The folder of the population.</param>
    /// <param name="table">What is known.</param>
    /// <returns>The path of the page.</returns>
    /// <exception cref="InputException">The page cannot be written.</exception>
    public static string Write(RunFolder folder, PopulationTable table)
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder.WriteText(File, Render(table, PopulationChips.In(folder)));
        return folder.PathOf(File);
    }

    /// <summary>What the noise of the training means, in a sentence.</summary>
    public static string Describe(NoiseFloor? noise) => noise is null
        ? "The noise of the training is not known: no genotype was trained with two seeds. Name several training seeds."
        : Text($"Standard deviation over training seeds (within) {Points(noise.Within)} points, from {noise.Trainings} trainings of {noise.Genotypes} {(noise.Genotypes == 1 ? "genotype" : "genotypes")}; ")
            + (noise.Total is { } total
                ? Text($"over genotypes {Points(total)} points with one training each, {Points(noise.Between!.Value)} without the noise (between)")
                    + (noise.Reliability is { } share ? Text($": {share * 100:0} % of the variance is the genotype's.") : ".")
                : "over genotypes unknown, as there is one.");

    private static string Render(PopulationTable table, PopulationChips? chips)
    {
        var page = new HtmlPage("Population of random genotypes")
        {
            Subtitle = $"{JsonFiles.Show(table.Header.Data["name"])}, {JsonFiles.Show(table.Header.Data[PopulationTestbed.SizeKey])}, {table.Sample.Count} genotypes, {table.Networks.Count} trainings.",
        };
        if (table.Sample.Count == 0)
        {
            page.Lead.Notice("No training has ended yet.");
        }
        else
        {
            AddNetworks(page, table, chips);
        }

        page.Section("Testbed", block => block.Table(
            ["option", "value"],
            JsonFiles.Flatten(table.Header.Data).Select(pair => (string[])[$"data.{pair.Key}", JsonFiles.Show(pair.Value)])
                .Concat(JsonFiles.Flatten(table.Header.Train).Select(pair => (string[])[$"train.{pair.Key}", JsonFiles.Show(pair.Value)]))));
        page.Section("Environment and command", block => block
            .KeyValues(table.Header.Environment.Select(pair => (pair.Key, JsonFiles.Show(pair.Value))))
            .Preformatted(table.Header.Command));
        return page.Render();
    }

    private static void AddNetworks(HtmlPage page, PopulationTable table, PopulationChips? chips)
    {
        var accuracy = table.Accuracy;
        page.Lead.Tiles(
        [
            ("genotypes", $"{table.Sample.Count}"),
            ("mean test top-1", $"{Percent(accuracy.Mean)} %"),
            ("deviation over genotypes", accuracy.StandardDeviation is { } deviation ? $"{Points(deviation)} points" : "one only"),
            ("worst, median, best", $"{Percent(table.Quantile(0))}, {Percent(table.Quantile(0.5))}, {Percent(table.Quantile(1))} %"),
            ("deviation over training seeds", table.Noise is { } noise ? $"{Points(noise.Within)} points" : "not measured"),
        ]);
        page.Lead.Note(Describe(table.Noise));
        page.Section("Accuracy", block => block.Charts(
            new ScatterChart
            {
                Title = "Test top-1 against operations",
                XLabel = "OPs, M",
                YLabel = "test top-1",
                Points = [.. table.Sample.Select(network => (network.Ops / 1e6, network.TestTop1, network.Name))],
            }.Render(),
            new ScatterChart
            {
                Title = "Test top-1 by rank",
                XLabel = "per cent of the genotypes that are worse",
                YLabel = "test top-1",
                Points = [.. table.Sample.Select(network => (table.Percentile(network.TestTop1), network.TestTop1, network.Name))],
            }.Render()));
        if (chips is not null)
        {
            page.Section($"On {chips.Target}", block => block.Charts(ChipCharts.Render(
                $"{chips.Target}", "test top-1",
                [.. table.Sample.Where(network => chips.Networks.ContainsKey(network.Genotype))
                    .Select(network => (network.Name, network.TestTop1, Chip: chips.Networks[network.Genotype]))
                    .Select(network => (network.Name, network.TestTop1, network.Chip.FlashBytes, network.Chip.ArenaBytes, network.Chip.Instructions))])));
        }

        page.Section("Learning curves", block => block.WideChart(new LineChart
        {
            Title = "Validation top-1: the best, the worst and some between",
            Series = [.. Spread(table).Select(network => new ChartSeries($"genotype {network.GenotypeSeed}", [.. network.ValidTop1.Select((top1, epoch) => (epoch + 1.0, top1))]))],
        }.Render()));
        page.Section("Networks", block => block.Table(
            ["genotype seed#", "training seed#", "test top-1#", "test loss#", "percentile#", "OPs#", "Mbit#", "parameters#", "CPU#", "genotype"],
            table.Networks.OrderByDescending(network => network.TestTop1).Select(network => (string[])
            [
                $"{network.GenotypeSeed}", $"{network.TrainingSeed}", $"{Percent(network.TestTop1)} %", Text($"{network.TestLoss:0.0000}"), Text($"{table.Percentile(network.TestTop1):0.0}"),
                Text($"{network.Ops / 1e6:0.000} M"), Text($"{network.MemoryMbit:0.000}"), $"{network.Parameters}",
                network.CpuSeconds is { } cpu ? Units.Duration(TimeSpan.FromSeconds(cpu)) : "not known", network.Genotype,
            ])));
    }

    private static IEnumerable<PopulationNetwork> Spread(PopulationTable table)
    {
        var sorted = table.Sample.OrderByDescending(network => network.TestTop1).ToList();
        var shown = Math.Min(ShownCurves, sorted.Count);
        return Enumerable.Range(0, shown).Select(i => sorted[shown == 1 ? 0 : i * (sorted.Count - 1) / (shown - 1)]).DistinctBy(network => network.Name);
    }

    private static string Percent(double share) => Text($"{share * 100:0.00}");

    private static string Points(double share) => Text($"{share * 100:0.00}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
