using System.Globalization;
using DcpNas.Binarization;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Benchmarks;

/// <summary>One weight step (loss, gradients to all weights) and one architecture step (gradients to alpha) of a 1-bit supernet, batch 64.</summary>
internal static class SupernetBenchmark
{
    public static int Run(string[] args)
    {
        var repeats = int.Parse(Option(args, "--repeats", "3"), CultureInfo.InvariantCulture);
        var batch = long.Parse(Option(args, "--batch", "64"), CultureInfo.InvariantCulture);
        var cells = int.Parse(Option(args, "--cells", "8"), CultureInfo.InvariantCulture);
        set_num_threads(int.Parse(Option(args, "--threads", "1"), CultureInfo.InvariantCulture));
        manual_seed(1);
        using var net = new Supernet(new SupernetOptions { Cells = cells }, new Precision(BinarizationScheme.Paper));
        var alpha = new ArchitectureParameters(edgeNormalization: false);
        using var images = randn(batch, 3, 32, 32).permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        using var nchw = images.contiguous();
        using var labels = arange(batch).remainder(10);
        var input = args.Contains("--nchw") ? nchw : images;
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            var weight = Duration.Of(() => Step(net, alpha, input, labels, weights: true));
            var architecture = Duration.Of(() => Step(net, alpha, input, labels, weights: false));
            Console.WriteLine($"weight step {weight.Wall / 1e6:0.00} s ({weight.Cpu / 1e6:0.00} CPU), alpha step {architecture.Wall / 1e6:0.00} s ({architecture.Cpu / 1e6:0.00} CPU), peak {Memory("VmHWM")} MB");
        }

        return 0;
    }

    private static void Step(Supernet net, ArchitectureParameters alpha, Tensor images, Tensor labels, bool weights)
    {
        using var scope = NewDisposeScope();
        foreach (var parameter in net.parameters())
        {
            parameter.requires_grad = weights;
            parameter.grad = null;
        }

        foreach (var parameter in alpha.All)
        {
            parameter.requires_grad = !weights;
        }

        var loss = nn.functional.cross_entropy(net.Logits(images, alpha), labels);
        Console.Write($"after forward {Memory("VmRSS")} MB; ");
        loss.backward();
    }

    private static long Memory(string name) => long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith(name, StringComparison.Ordinal)).Split(':')[1].Replace("kB", "").Trim(), CultureInfo.InvariantCulture) / 1024;

    private static string Option(string[] args, string name, string fallback)
    {
        var index = Array.IndexOf(args, name);
        return index >= 0 && index + 1 < args.Length ? args[index + 1] : fallback;
    }
}
