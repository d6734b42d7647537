using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using DcpNas.Native;
using DcpNas.Search;
using DcpNas.SearchSpace;

namespace DcpNas.StepBench;

/// <summary><c>alpha-step</c>: one Child alpha step under each curvature on the same state and batch; prints a Markdown table.</summary>
internal static class AlphaStepCommand
{
    private static readonly string[] DefaultCurvatures = ["none", "ggn", "fisher-chunks:4", "exact"];

    public static Command Create()
    {
        var command = new Command("alpha-step", "Compares time, memory and direction of a Child alpha step between curvatures; prints a Markdown table.");
        var size = new SizeOptions(command, defaultBatch: 16);
        var curvatures = new Option<string[]>("--curvatures")
        {
            DefaultValueFactory = _ => DefaultCurvatures,
            AllowMultipleArgumentsPerToken = true,
            Description = "What to compare.",
        };
        var repeats = new Option<int>("--repeats") { DefaultValueFactory = _ => 3, Description = "Timed steps of each, after one warm-up." };
        var trained = new Option<int>("--train-steps") { DefaultValueFactory = _ => 10, Description = "Weight steps of Parent and Child before the measurement." };
        var batches = new Option<int>("--direction-batches") { DefaultValueFactory = _ => 3, Description = "Batches on which directions are compared." };
        foreach (var option in (Option[])[curvatures, repeats, trained, batches])
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            var names = parsed.GetValue(curvatures)!;
            var memory = names.ToDictionary(name => name, name => Memory(name, size.Arguments(parsed))); // first: this process is still small
            var count = Math.Max(parsed.GetValue(batches), Math.Max(1, parsed.GetValue(trained)));
            using var fixture = new StepFixture(size.Read(parsed, count), count);
            Train(fixture, parsed.GetValue(trained));
            var seconds = Time(fixture, names, parsed.GetValue(repeats));
            var directions = CurvatureDirections.Compare(fixture, names, parsed.GetValue(batches));
            Print(names, seconds, memory, directions);
        });
        return command;
    }

    private static double? Memory(string curvature, string[] size)
    {
        var peak = AlphaMemoryCommand.Measure(curvature, size);
        Console.Error.WriteLine($"memory of {curvature}: {(peak is null ? "the process was ended" : $"{peak:0} MB")}");
        return peak;
    }

    private static void Train(StepFixture fixture, int count)
    {
        var steps = fixture.Steps();
        foreach (var part in StepPart.All.Where(part => !part.IsAlpha))
        {
            for (var k = 0; k < count; k++)
            {
                var result = part.Run(steps, fixture, k);
                Console.Error.WriteLine($"{part.Name} {k}: loss {result.Loss:0.000}");
                FinalizerGate.SafePoint();
            }
        }
    }

    /// <summary>Seconds of each curvature; the order turns by one from round to round, and alpha is the same before every step.</summary>
    private static Dictionary<string, List<double>> Time(StepFixture fixture, string[] names, int repeats)
    {
        var child = fixture.Networks.Child;
        using var alpha = new ArchitectureParameters(edgeNormalization: false);
        alpha.CopyFrom(child.Architecture);
        var steps = names.ToDictionary(name => name, fixture.Steps);
        var seconds = names.ToDictionary(name => name, _ => new List<double>());
        for (var round = -1; round < repeats; round++)
        {
            for (var i = 0; i < names.Length; i++)
            {
                var name = names[(i + round + names.Length) % names.Length];
                child.Architecture.CopyFrom(alpha);
                child.Alpha.Restart(fixture.Options.ArchitectureRate!.Value);
                FinalizerGate.SafePoint();
                var start = Stopwatch.GetTimestamp();
                steps[name].Architecture(SearchPhase.Child, fixture.AlphaBatches[0], fixture.Options.WeightRate);
                var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
                Console.Error.WriteLine($"{(round < 0 ? "warm-up" : $"round {round}")}: {name} {elapsed:0.00} s");
                if (round >= 0)
                {
                    seconds[name].Add(elapsed);
                }
            }
        }

        child.Architecture.CopyFrom(alpha);
        return seconds;
    }

    private static void Print(
        string[] names, Dictionary<string, List<double>> seconds, Dictionary<string, double?> memory, Dictionary<string, CurvatureDirections> directions)
    {
        Console.WriteLine("| curvature | seconds (least to most) | x none | peak MB | P and exact P | P and total gradient | total and exact total | length of lambda P : g_C |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var none = seconds.TryGetValue("none", out var list) ? Median(list) : (double?)null;
        foreach (var name in names)
        {
            var times = seconds[name];
            var direction = directions[name];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {Median(times):0.00} ({times.Min():0.00} to {times.Max():0.00}) | {(none is null ? "" : $"{Median(times) / none:0.00}")} "
                + $"| {(memory[name] is { } peak ? $"{peak:0}" : "ended by the system")} | {direction.ToExact} | {direction.ToTotal} | {direction.TotalToExactTotal} | {direction.Share} |"));
        }
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
