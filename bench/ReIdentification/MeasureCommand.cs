using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using DcpNas.Protocols.ReIdentification;

namespace DcpNas.ReIdentificationBench;

/// <summary><c>measure</c>: evaluates once and prints one line of JSON.</summary>
internal static class MeasureCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder");
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => 1 };
        var command = new Command("measure", "Evaluate features and print time, memory and measures.") { folder, threads };
        command.SetAction(parsed =>
        {
            var (query, gallery) = (FeatureFolder.Read(parsed.GetRequiredValue(folder), "query"), FeatureFolder.Read(parsed.GetRequiredValue(folder), "gallery"));
            var process = Process.GetCurrentProcess();
            var (clock, before) = (Stopwatch.StartNew(), process.TotalProcessorTime);
            var metrics = new ReIdentificationEvaluator(query, gallery, new ReIdentificationOptions { Threads = parsed.GetValue(threads) }).Measure();
            var wall = clock.Elapsed.TotalSeconds;
            process.Refresh();
            var line = new JsonObject
            {
                ["program"] = "dcpnas",
                ["wall"] = wall,
                ["cpu"] = (process.TotalProcessorTime - before).TotalSeconds,
                ["peak_mb"] = ProcessMemory.PeakMegabytes(),
                ["feature_mb"] = 4e-6 * (query.Count + gallery.Count) * query.Dimensions,
            };
            foreach (var (name, value) in metrics.Values())
            {
                line[name] = value;
            }

            Console.WriteLine(line.ToJsonString());
        });
        return command;
    }
}
