using DcpNas.Cost;
using DcpNas.Data;
using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Tasks.Classification;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Export;

/// <summary>The packed model of a classifier that nobody has trained: what it costs is known before it learns anything.</summary>
public static class UntrainedModel
{
    private const int Images = 2; // one for ranges, one for agreement

    /// <summary>Makes the model, with its integer mode, from weights at random.</summary>
    /// <param name="description">The network, 1-bit.</param>
    /// <param name="classes">Outputs.</param>
    /// <param name="shortcuts">Bits of the numbers between layers of the integer mode, 16 or 8.</param>
    /// <exception cref="InputException">The network has no packed form.</exception>
    public static PackedModel Create(NetworkDescription description, int classes, int shortcuts = ChipTarget.DefaultShortcuts)
    {
        ArgumentNullException.ThrowIfNull(description);
        LibTorch.Load();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        random.manual_seed(0);
        using var backbone = NetworkCatalog.Create(description);
        using var head = new LinearHead(backbone.FeatureCount, classes);
        Scatter(backbone);
        var statistics = new ChannelStatistics([.. Enumerable.Repeat(0.5, description.ImageChannels)], [.. Enumerable.Repeat(0.25, description.ImageChannels)]);
        var model = PackedExporter.Export(backbone, head, new Runtime.ModelInfo
        {
            Producer = "untrained",
            Preprocessing = new(statistics.Mean, statistics.StandardDeviation),
        });
        var images = randn([Images, description.ImageChannels, description.ImageHeight, description.ImageWidth]);
        return ModeCalibration.Give(model, NumericMode.Integer, [(images, [])], Images, CancellationToken.None, shortcuts);
    }

    /// <summary>Gives every channel normalisation and slopes of its own, as a training does: fresh ones are equal all over the network, and generated code stores equal tables once.</summary>
    private static void Scatter(Module module)
    {
        foreach (var parameter in module.parameters().Where(parameter => parameter.dim() == 1))
        {
            parameter.add_(randn_like(parameter) * 0.1);
        }

        foreach (var (name, buffer) in module.named_buffers().Where(pair => pair.buffer.is_floating_point()))
        {
            _ = name.EndsWith("running_var", StringComparison.Ordinal) ? buffer.mul_((rand_like(buffer) / 2) + 0.75) : buffer.add_(randn_like(buffer) * 0.1);
        }
    }
}
