using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using DcpNas.Search;

namespace DcpNas.StepBench;

/// <summary><c>alpha-memory</c>: one Child alpha step in a process of its own, so that its peak of memory is no other's.</summary>
internal static class AlphaMemoryCommand
{
    private const string Name = "alpha-memory";

    public static Command Create()
    {
        var command = new Command(Name, "Runs one Child alpha step and prints the peak of resident memory in MB.");
        var size = new SizeOptions(command, defaultBatch: 16);
        var curvature = new Option<string>("--curvature") { DefaultValueFactory = _ => "ggn", Description = "The curvature." };
        command.Add(curvature);
        command.SetAction(parsed =>
        {
            ProcessLimits.OfferAsFirstVictim();
            using var fixture = new StepFixture(size.Read(parsed, batches: 1), batches: 1);
            fixture.Steps(parsed.GetValue(curvature)).Architecture(SearchPhase.Child, fixture.AlphaBatches[0], fixture.Options.WeightRate);
            Console.WriteLine(ProcessMemory.PeakMegabytes().ToString("0", CultureInfo.InvariantCulture));
        });
        return command;
    }

    /// <summary>The peak in MB, or null where the process was ended, which happens when memory runs out.</summary>
    public static double? Measure(string curvature, IEnumerable<string> size)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Name, .. size, "--curvature", curvature]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? double.Parse(text.Trim(), CultureInfo.InvariantCulture) : null;
    }
}
