using DcpNas.Cli.Display;
using DcpNas.Runs;
using DcpNas.Runs.Report;

namespace DcpNas.Cli.Bench;

/// <summary>Writes a benchmark as files: bench.md, bench.json and two charts.</summary>
internal static class BenchFiles
{
    /// <summary>Bars that a reader can still tell apart; of a deeper network the bars are its parts.</summary>
    public const int MostBars = 48;

    private const string Page = "bench.md";
    private const string Record = "bench.json";
    private const string Chart = "layers.svg";
    private const string TypeChart = "types.svg";

    /// <summary>Refuses a folder whose files are somebody else's, or are the model, and one that cannot be written to.</summary>
    /// <param name="folder">Need not exist.</param>
    /// <param name="model">The file that is measured.</param>
    /// <exception cref="InputException">It is such a folder.</exception>
    public static void Check(string folder, string model)
    {
        string[] files = [.. ((string[])[Record, Page, Chart, TypeChart]).Select(name => Path.Combine(folder, name))];
        OutputGuard.Files(files, [model]);
        OutputGuard.Foreign(files, files[0], "model", "sha256", "layers");
        WriteProbe.Folder(folder);
    }

    /// <summary>Writes the files.</summary>
    /// <param name="report">What was measured.</param>
    /// <param name="folder">Created where it is missing; files of an earlier benchmark are replaced.</param>
    /// <exception cref="InputException">The folder cannot be written to.</exception>
    public static void Write(BenchReport report, string folder)
    {
        WriteProbe.CreateFolder(folder);
        Write(Record, JsonOutput.TextOf(report.ToJson()) + "\n"); // first: the others are known by it
        Write(Page, Markdown(report));
        Write(Chart, LayerChart(report));
        Write(TypeChart, ChartStyle.Standalone(new BarChart
        {
            Title = "Time per type of layer, microseconds per image, one thread",
            Bars = [.. report.Types().Select(type => (type.Type, Math.Round(type.Microseconds, 2)))],
            Width = 720,
        }.Render()));

        void Write(string name, string text) => AtomicFile.WriteText(Path.Combine(folder, name), text);
    }

    /// <summary>The report as Markdown.</summary>
    internal static string Markdown(BenchReport report)
    {
        List<string> lines =
        [
            "# Benchmark of a packed model",
            "",
            $"    {Invocation.CommandLine}",
            "",
            .. report.Facts().Select(fact => $"- {fact.Name}: {fact.Value}"),
            "",
            "## Threads",
            "",
            .. Columns.Markdown(report.ThreadRows(), 0, 2, 3, 4),
            "",
        ];
        if (report.Modes is not null)
        {
            lines.AddRange(["## Modes", "", .. Columns.Markdown(report.ModeRows()), ""]);
        }

        if (report.Comparison is not null)
        {
            lines.AddRange(["## Comparison", "", .. Columns.Markdown(report.ComparisonRows(), 2), "", .. PeerTiming.Notes.Select(note => $"- {note}"), ""]);
        }

        lines.AddRange(
        [
            "## Time per layer",
            "",
            $"![time per layer]({Chart})",
            "",
            $"![time per type]({TypeChart})",
            "",
            .. Columns.Markdown(BenchReport.LayerRows(report.Types()), 2, 3),
            "",
            .. Columns.Markdown(BenchReport.LayerRows(report.Layers), 2, 3),
        ]);
        return string.Join('\n', lines) + "\n";
    }

    /// <summary>A bar per layer, or per part of a network of many.</summary>
    internal static string LayerChart(BenchReport report)
    {
        var isDeep = report.Layers.Count > MostBars;
        IEnumerable<(string Name, double Value)> bars = isDeep
            ? report.Layers.GroupBy(layer => PartOf(layer.Node)).Select(part => (part.Key, part.Sum(layer => layer.Microseconds)))
            : report.Layers.Select(layer => ($"{layer.Node} ({layer.Type})", layer.Microseconds));
        return ChartStyle.Standalone(new BarChart
        {
            Title = $"Time per {(isDeep ? "part" : "layer")}, microseconds per image, one thread",
            Bars = [.. bars.Select(bar => (bar.Name, Math.Round(bar.Value, 2)))],
            Width = 720,
        }.Render());
    }

    /// <summary><c>cells.3.nodes.2</c> belongs to <c>cells.3</c>.</summary>
    private static string PartOf(string node)
    {
        var parts = node.Split('.');
        return parts.Length > 1 && parts[1].All(char.IsAsciiDigit) ? $"{parts[0]}.{parts[1]}" : parts[0];
    }
}
