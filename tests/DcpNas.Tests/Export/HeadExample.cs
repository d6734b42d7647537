using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Tasks;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.ReIdentification;
using DcpNas.Tests.Networks;
using static TorchSharp.torch;

namespace DcpNas.Tests.Export;

/// <summary>A network of embeddings or a one-stage detector in evaluation mode, with parameters and statistics away from their first values.</summary>
internal sealed class HeadExample : IDisposable
{
    public const string Embedding = "embedding", Detector = "detector";

    public HeadExample(string kind, NetworkDescription description, int anchors = 2)
    {
        using var _ = no_grad();
        Backbone = Examples.Build(description, ScalarType.Float32, 5);
        Head = kind == Embedding ? new EmbeddingHead(Backbone.FeatureCount, 3) : new SsdHead(Design(anchors), description, Backbone.Stages, Info.Classes.Count);
        foreach (var (name, value) in ModuleState.Of(Head))
        {
            if (name.EndsWith("running_var", StringComparison.Ordinal))
            {
                value.uniform_(0.5, 2);
            }
            else if (value.shape.Length == 1 && !name.EndsWith("rho", StringComparison.Ordinal))
            {
                value.add_(rand_like(value) - 0.5, 0.4);
            }
        }

        Backbone.eval();
        Head.eval();
    }

    public static ModelInfo Info { get; } = new()
    {
        Producer = "dcpnas tests",
        Classes = ["ant", "bee", "cat"],
        Preprocessing = new Preprocessing([0.5, 0.4, 0.3], [0.25, 0.2, 0.3]) { Fit = ImageFit.Stretch },
    };

    public Backbone Backbone { get; }

    public TaskHead Head { get; }

    /// <summary>The outputs that an export has, in float32.</summary>
    public Tensor[] Outputs(Tensor images)
    {
        using var _ = no_grad();
        var outputs = Head.Run(Backbone.Run(images));
        return Head is EmbeddingHead ? [outputs[0]] : [.. outputs];
    }

    public void Dispose()
    {
        Head.Dispose();
        Backbone.Dispose();
    }

    private static DetectorDesign Design(int anchors) => new()
    {
        FeatureLevels = 2,
        ExtraLevels = 1,
        NeckChannels = 7,
        HeadConvs = 1,
        Anchors = [.. Enumerable.Range(1, 3).Select(level => (IReadOnlyList<AnchorSize>)[.. Enumerable.Range(1, anchors).Select(number => new AnchorSize(0.1 * level, 0.15 * number))])],
    };
}
