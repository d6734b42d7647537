using System.Globalization;
using DcpNas.Cost;
using DcpNas.Export;
using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;
using static TorchSharp.torch;

namespace DcpNas.Benchmarks;

/// <summary>Writes a packed model of fresh weights, which do not change its time, so that no training has to come first; normalisations and the fast mode know random images.</summary>
internal static class PackedModelFile
{
    private const int Batches = 4;
    private const int BatchSize = 8;

    public static int Run(string[] args)
    {
        if (args.Length == 0)
        {
            Console.Error.WriteLine(
                "usage: DcpNas.Benchmarks packed FILE [--architecture cells|birealnet18|reactnet_a] [--genotype FILE] [--channels N] [--cells 20] [--stem Cifar|ImageNet] [--image 32] [--classes 10]");
            return 2;
        }

        var architecture = Option(args, "--architecture", NetworkNames.Cells);
        var size = Number(args, "--image", 32);
        manual_seed(1);
        var description = new NetworkDescription
        {
            Architecture = architecture,
            Genotype = architecture == NetworkNames.Cells ? Genotype.Resolve(Option(args, "--genotype", "Tangent_1")) : null,
            Channels = Number(args, "--channels", NetworkNames.DefaultChannels(architecture)),
            Cells = Number(args, "--cells", 20),
            Stem = Enum.Parse<StemKind>(Option(args, "--stem", nameof(StemKind.Cifar))),
            ImageHeight = size,
            ImageWidth = size,
        };
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var backbone = NetworkCatalog.Create(description);
        using var head = new LinearHead(backbone.FeatureCount, Number(args, "--classes", 10));
        var images = Enumerable.Range(0, Batches).Select(_ => randn(BatchSize, 3, size, size)).ToList();
        Normalise(backbone, images);
        using var calibrator = new FixedPointCalibrator(PackedExporter.Export(backbone, head, new ModelInfo { Producer = "DcpNas.Benchmarks" }));
        calibrator.Observe(images[0].data<float>().ToArray(), PixelLayout.Nchw);
        calibrator.Compare(images[1].data<float>().ToArray(), PixelLayout.Nchw);
        calibrator.Finish().Save(args[0]);
        return 0;
    }

    /// <summary>Gives batch normalisations the statistics of some images: without them sums stay far larger than those of any trained network.</summary>
    private static void Normalise(Backbone backbone, List<Tensor> images)
    {
        backbone.train();
        foreach (var batch in images.Concat(images).Concat(images))
        {
            using var scope = NewDisposeScope();
            backbone.Run(batch);
        }

        backbone.eval();
    }

    private static int Number(string[] args, string name, int fallback) => int.Parse(Option(args, name, $"{fallback}"), CultureInfo.InvariantCulture);

    private static string Option(string[] args, string name, string fallback)
    {
        var index = Array.IndexOf(args, name);
        return index >= 0 && index + 1 < args.Length ? args[index + 1] : fallback;
    }
}
