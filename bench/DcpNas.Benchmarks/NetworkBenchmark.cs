using System.Globalization;
using DcpNas.Binarization;
using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Benchmarks;

/// <summary>One training step of a final network (forward, backward, AdamW), by scheme; <c>--export DIR</c> writes the networks for the reference in PyTorch instead.</summary>
internal static class NetworkBenchmark
{
    public static int Run(string[] args)
    {
        var repeats = int.Parse(Option(args, "--repeats", "7"), CultureInfo.InvariantCulture);
        var batch = long.Parse(Option(args, "--batch", "64"), CultureInfo.InvariantCulture);
        var architecture = Option(args, "--architecture", NetworkNames.Cells);
        set_num_threads(int.Parse(Option(args, "--threads", "1"), CultureInfo.InvariantCulture));
        var folder = Option(args, "--export", "");
        if (folder.Length > 0)
        {
            set_default_dtype(ScalarType.Float64); // the reference in PyTorch is compared digit by digit
        }

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
            if (folder.Length > 0)
            {
                Export(Path.Combine(folder, $"{scheme}.safetensors".ToLowerInvariant()), network, head, images, labels);
                continue;
            }

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

    /// <summary>State, batch, and what one step makes of them: <c>network.NAME</c>, <c>images</c>, <c>labels</c>, <c>loss</c>, <c>gradient.NAME</c>.</summary>
    private static void Export(string path, Backbone network, nn.Module<Tensor, Tensor> head, Tensor images, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var parts = (IEnumerable<(string Prefix, nn.Module Module)>)[("backbone", network), ("head", head)];
        var tensors = parts.SelectMany(part => ModuleState.Of(part.Module).Select(entry => ($"network.{part.Prefix}.{entry.Key}", Value: entry.Value.clone())))
            .ToDictionary(entry => entry.Item1, entry => entry.Value, StringComparer.Ordinal);
        using var loss = nn.functional.cross_entropy(head.call(network.Features(images)), labels);
        Autograd.Backward(loss);
        (tensors["images"], tensors["labels"], tensors["loss"]) = (images, labels, loss.detach().view(1));
        foreach (var (prefix, module) in parts)
        {
            foreach (var (name, parameter) in module.named_parameters())
            {
                tensors[$"gradient.{prefix}.{name}"] = parameter.grad!;
            }
        }

        Safetensors.Write(path, tensors, new Dictionary<string, string> { ["network"] = network.Description.ToJson().ToJsonString() });
    }

    private static string Option(string[] args, string name, string fallback)
    {
        var index = Array.IndexOf(args, name);
        return index >= 0 && index + 1 < args.Length ? args[index + 1] : fallback;
    }
}
