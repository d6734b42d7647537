using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using DcpNas.Native;
using static TorchSharp.torch;

namespace DcpNas.StepBench;

/// <summary><c>time</c>: one part of a search step, one JSON line per step; what bench/python/time_part.py does in PyTorch.</summary>
internal static class TimeCommand
{
    public static Command Create()
    {
        var command = new Command("time", "Times one part of a search step; prints one JSON line per step, the first being the warm-up.");
        var size = new SizeOptions(command, defaultBatch: 64);
        var part = new Option<string>("--part") { Required = true, Description = "Which part." };
        part.AcceptOnlyFromAmong([.. StepPart.All.Select(known => known.Name)]);
        var steps = new Option<int>("--steps") { DefaultValueFactory = _ => 2, Description = "Timed steps after one warm-up." };
        command.Add(part);
        command.Add(steps);
        command.SetAction(parsed =>
        {
            ProcessLimits.OfferAsFirstVictim();
            using var fixture = new StepFixture(size.Read(parsed, batches: 1), batches: 1);
            Run(fixture, StepPart.All.Single(known => known.Name == parsed.GetValue(part)), parsed.GetValue(steps));
        });
        return command;
    }

    private static void Run(StepFixture fixture, StepPart part, int count)
    {
        var steps = fixture.Steps();
        for (var step = -1; step < count; step++)
        {
            FinalizerGate.SafePoint();
            var cpu = Environment.CpuUsage.TotalTime;
            var start = Stopwatch.GetTimestamp();
            var result = part.Run(steps, fixture, 0);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Print(new { step, seconds, cpu = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, loss = result.Loss });
        }

        Print(new { peak_mb = ProcessMemory.PeakMegabytes(), version = __version__, threads = get_num_threads() });
    }

    private static void Print<T>(T line)
    {
        Console.WriteLine(JsonSerializer.Serialize(line));
        Console.Out.Flush();
    }
}
