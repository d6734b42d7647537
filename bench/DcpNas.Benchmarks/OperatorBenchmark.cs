using System.Globalization;
using static TorchSharp.torch;

namespace DcpNas.Benchmarks;

/// <summary>Each operator forward and backward: ours in channels-last memory against libtorch in NCHW and in channels-last memory.</summary>
/// <remarks>The three take turns, so that a disturbance of the machine hits all; medians are printed.</remarks>
internal static class OperatorBenchmark
{
    public static int Run(string[] args)
    {
        var repeats = int.Parse(Option(args, "--repeats", "15"), CultureInfo.InvariantCulture);
        var filter = Option(args, "--filter", "");
        set_num_threads(int.Parse(Option(args, "--threads", "1"), CultureInfo.InvariantCulture));
        Console.WriteLine($"{get_num_threads()} thread(s), batch 64, microseconds (median of {repeats}): wall forward/backward (CPU of both)");
        Console.WriteLine("| operator | ours | libtorch NCHW | libtorch channels-last | NCHW : ours, wall | CPU |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var operatorCase in OperatorCases.All().Where(c => c.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
        {
            Measure(operatorCase, repeats);
        }

        return 0;
    }

    private static void Measure(OperatorCase operatorCase, int repeats)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var arguments = operatorCase.Arguments();
        var permuted = Array.ConvertAll(arguments, a => a.dim() == 4 && a.shape[0] == 64 ? a.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : a);
        (Func<Tensor[], Tensor> Function, Tensor[] Arguments)[] ways = [(operatorCase.Ours, permuted), (operatorCase.Plain, arguments), (operatorCase.Plain, permuted)];
        var times = ways.Select(_ => new List<(Duration Forward, Duration Backward)>()).ToArray();
        for (var repeat = -2; repeat < repeats; repeat++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                var time = Once(ways[way].Function, ways[way].Arguments);
                if (repeat >= 0)
                {
                    times[way].Add(time);
                }
            }
        }

        var rows = times.Select(t => (Forward: Duration.Median(t.Select(p => p.Forward)), Backward: Duration.Median(t.Select(p => p.Backward)))).ToArray();
        var (ours, nchw) = (rows[0], rows[1]);
        var wall = (nchw.Forward.Wall + nchw.Backward.Wall) / (ours.Forward.Wall + ours.Backward.Wall);
        var cpu = (nchw.Forward.Cpu + nchw.Backward.Cpu) / (ours.Forward.Cpu + ours.Backward.Cpu);
        Console.WriteLine($"| {operatorCase.Name} | {string.Join(" | ", rows.Select(Cell))} | {wall:0.0} | {cpu:0.0} |");
    }

    private static string Cell((Duration Forward, Duration Backward) time) =>
        $"{time.Forward.Wall:0}/{time.Backward.Wall:0} ({time.Forward.Cpu + time.Backward.Cpu:0})";

    private static (Duration Forward, Duration Backward) Once(Func<Tensor[], Tensor> function, Tensor[] arguments)
    {
        using var scope = NewDisposeScope();
        var leaves = Array.ConvertAll(arguments, a => a.detach().requires_grad_());
        Tensor result = null!;
        var forward = Duration.Of(() => result = function(leaves));
        var gradient = result.detach() * 0.5;
        var backward = Duration.Of(() => result.backward([gradient]));
        return (forward, backward);
    }

    private static string Option(string[] args, string name, string fallback)
    {
        var index = Array.IndexOf(args, name);
        return index >= 0 && index + 1 < args.Length ? args[index + 1] : fallback;
    }
}
