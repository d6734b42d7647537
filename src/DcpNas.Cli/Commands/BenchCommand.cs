using System.CommandLine;
using DcpNas.Cli.Bench;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Cli.Options;
using DcpNas.Inference;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas bench</c>: how fast a packed model runs on this machine.</summary>
internal static class BenchCommand
{
    private const int SlowestLayers = 12;

    /// <summary>The command.</summary>
    /// <param name="backend">Makes what --against compares with; null where this program has none, and not the option.</param>
    public static Command Create(BackendFactory? backend)
    {
        var defaults = new BenchOptions();
        var model = new Argument<string>("model") { Description = "Packed model, or a name of dcpnas models", HelpName = "FILE|NAME" };
        var threads = new Option<string?>("--threads") { Description = $"Numbers of threads to measure (default {string.Join(',', defaults.Threads)})", HelpName = "N,N" };
        var seconds = RealNumber.Option("--seconds", $"Time of each measurement in seconds (default {defaults.Seconds})", defaults.Seconds);
        var batch = WholeNumber.Option("--batch", $"Images per call (default {defaults.Batch})", defaults.Batch);
        var against = new Option<string?>("--against") { Description = "Compare with the same architecture in float32 and int8 in another runtime", HelpName = BenchOptions.OnnxRuntime };
        var mode = Modes.Option();
        var folder = new Option<string?>("--out") { Description = "Folder for bench.md, bench.json and charts", HelpName = "DIR" };
        var json = JsonOutput.Option();
        var command = new Command("bench", "Measure a packed model: time per image, per layer and by threads, memory.") { model, threads, seconds, batch, mode, folder, json };
        if (backend is not null)
        {
            command.Add(against);
        }

        command.SetAction(parsed =>
        {
            var options = new BenchOptions
            {
                Threads = parsed.GetValue(threads) is { } text ? BenchOptions.ReadThreads(text) : defaults.Threads,
                Seconds = parsed.GetValue(seconds),
                Batch = parsed.GetValue(batch),
                Mode = Modes.Read(parsed.GetRequiredValue(mode)),
                Against = backend is null ? null : parsed.GetValue(against),
                Out = parsed.GetValue(folder),
            };
            if (options.Problems() is { Count: > 0 } problems)
            {
                throw new OptionsException("command line", problems);
            }

            using var interruption = new Interruption(() => Console.Error.WriteLine("Stopping. Nothing is written."));
            var file = ModelFile.Open(parsed.GetRequiredValue(model));
            file.ThrowIfWithout(options.Mode);
            if (options.Out is not null)
            {
                BenchFiles.Check(options.Out, file.Path);
            }

            var report = BenchRun.Execute(file, options, Console.Error.WriteLine, backend, interruption.Token);
            interruption.Token.ThrowIfCancellationRequested();
            if (options.Out is { } target)
            {
                BenchFiles.Write(report, target);
            }

            JsonOutput.Show(parsed.GetValue(json), () => report.ToJson(), () => Print(report));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(BenchReport report)
    {
        List<string> lines =
        [
            .. report.Facts().Select(fact => $"{fact.Name,-10}{fact.Value}"),
            "",
            .. Columns.Align(report.ThreadRows(), 0, 2, 3, 4),
            "",
            .. Columns.Align(BenchReport.LayerRows(report.Types()), 2, 3),
            "",
            $"slowest of {report.Layers.Count} layers, one thread:",
            .. Columns.Align(BenchReport.LayerRows(report.Layers.OrderByDescending(layer => layer.Microseconds).Take(SlowestLayers)), 2, 3),
        ];
        if (report.Modes is not null)
        {
            lines.AddRange(["", .. Columns.Align(report.ModeRows())]);
        }

        if (report.Comparison is not null)
        {
            lines.AddRange(["", .. Columns.Align(report.ComparisonRows(), 2), .. PeerTiming.Notes]);
        }

        if (report.Options.Out is { } folder)
        {
            lines.AddRange(["", $"written to {Path.Combine(folder, "bench.md")}"]);
        }

        lines.ForEach(Terminal.Print);
    }
}
