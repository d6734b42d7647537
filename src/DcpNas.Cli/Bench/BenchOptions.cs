using System.Globalization;
using DcpNas.Runtime;

namespace DcpNas.Cli.Bench;

/// <summary>Settings of one benchmark. Immutable.</summary>
internal sealed record BenchOptions
{
    /// <summary>The backend that is known.</summary>
    public const string OnnxRuntime = "onnxruntime";

    private const int LargestTeam = 256;
    private const int MostImages = 4096;

    /// <summary>More threads than processors take turns, and their times say nothing.</summary>
    private static int MostThreads => int.Clamp(Environment.ProcessorCount, 1, LargestTeam);

    /// <summary>Numbers of threads to measure, each 1 to the processors of this machine. Default 1, 2, 4 ... up to the processors.</summary>
    public IReadOnlyList<int> Threads { get; init; } = Doubling(Environment.ProcessorCount);

    /// <summary>Wall time of each measurement, above 0 and at most 3600. Default 2.</summary>
    public double Seconds { get; init; } = 2;

    /// <summary>Images per call, 1 to 4096. Default 1.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>What the model computes with; another mode is also compared with the exact one. Default Exact.</summary>
    public NumericMode Mode { get; init; } = NumericMode.Exact;

    /// <summary><c>onnxruntime</c>, or null for none.</summary>
    public string? Against { get; init; }

    /// <summary>Folder for bench.md, bench.json and the charts; null writes none.</summary>
    public string? Out { get; init; }

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        if (Threads.Count == 0 || Threads.Any(count => count < 1 || count > MostThreads))
        {
            problems.Add(ThreadsProblem(string.Join(',', Threads)));
        }

        if (!(Seconds > 0 && Seconds <= 3600))
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"--seconds must be above 0 and at most 3600, got {Seconds}."));
        }

        if (Batch is < 1 or > MostImages)
        {
            problems.Add($"--batch must be from 1 to {MostImages}, got {Batch}.");
        }

        if (Against is not null and not OnnxRuntime)
        {
            problems.Add($"--against must be {OnnxRuntime}, got '{Against}'.");
        }

        if (Out is not null && (Out.Length == 0 || File.Exists(Out)))
        {
            problems.Add($"--out must name a folder, got '{Out}'.");
        }

        return problems;
    }

    /// <summary>Reads a list of threads: <c>1,2,4</c>.</summary>
    /// <exception cref="InputException">A part is no whole number.</exception>
    public static IReadOnlyList<int> ReadThreads(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries).Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw new InputException(ThreadsProblem(text))).Distinct().Order()];

    private static string ThreadsProblem(string text) =>
        $"--threads must be whole numbers from 1 to {MostThreads}, the processors of this machine, separated by commas, got '{text}'.";

    /// <summary>1, 2, 4 ... and the number of processors itself.</summary>
    internal static IReadOnlyList<int> Doubling(int processors)
    {
        var most = int.Clamp(processors, 1, LargestTeam);
        return [.. Enumerable.Range(0, 9).Select(power => 1 << power).Where(count => count < most), most];
    }
}
