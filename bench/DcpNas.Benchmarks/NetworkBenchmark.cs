using System.Globalization;
using DcpNas.Binarization;
using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Benchmarks;

/// <summary>One training step of a final network (forward, backward, AdamW), by scheme.</summary>
internal static class NetworkBenchmark
{
    public static int Run(string[] args)
    {
        var repeats = int.Parse(Option(args, "--repeats", "7"), CultureInfo.InvariantCulture);
        var batch = long.Parse(Option(args, "--batch", "64"), CultureInfo.InvariantCulture);
        var architecture = Option(args, "--architecture", NetworkNames.Cells);
        set_num_threads(int.Parse(Option(args, "--threads", "1"), CultureInfo.InvariantCulture));
        foreach (var scheme in (BinarizationScheme[])[BinarizationScheme.None, BinarizationScheme.Paper])
        {
            manual_seed(1);
            using var network = NetworkCatalog.Create(new NetworkDescription
            {
                Architecture = architecture,
                Genotype = architecture == NetworkNames.Cells ? Genotype.Resolve(Option(args, "--genotype", "Tangent_1")) : null,
                Channels = int.Parse(Option(args, "--channels", "16"), CultureInfo.InvariantCulture),
                Cells = int.Parse(Option(args, "--cells", "8"), CultureInfo.InvariantCulture),
                Scheme = scheme,
            });
            using var head = nn.Linear(network.FeatureCount, 10);
            using var optimizer = optim.AdamW([.. network.parameters(), .. head.parameters()], 1e-3);
            network.DropPath = double.Parse(Option(args, "--drop-path", "0"), CultureInfo.InvariantCulture);
            using var images = randn(batch, 3, 32, 32);
            using var labels = arange(batch).remainder(10);
            Duration step = default, forward = default;
            var steps = new List<Duration>();
            for (var repeat = 0; repeat < repeats + 2; repeat++)
            {
                FinalizerGate.SafePoint();
                step = Duration.Of(() =>
                {
                    using var scope = NewDisposeScope();
                    optimizer.zero_grad();
                    Tensor? loss = null;
                    forward = Duration.Of(() => loss = nn.functional.cross_entropy(head.call(network.Features(images)), labels));
                    Autograd.Backward(loss!);
                    optimizer.step();
                });
                if (repeat >= 2)
                {
                    steps.Add(step);
                }
            }

            var median = Duration.Median(steps);
            Console.WriteLine($"{architecture} {scheme}: step {median.Wall / 1e3:0} ms wall, {median.Cpu / 1e3:0} ms CPU; last forward {forward.Cpu / 1e3:0} ms CPU");
        }

        return 0;
    }

    private static string Option(string[] args, string name, string fallback)
    {
        var index = Array.IndexOf(args, name);
        return index >= 0 && index + 1 < args.Length ? args[index + 1] : fallback;
    }
}
