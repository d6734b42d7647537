using DcpNas.Binarization;
using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Tasks.Classification;
using DcpNas.Tests.Networks;
using static TorchSharp.torch;

namespace DcpNas.Tests.Export;

/// <summary>A classifier in evaluation mode with everything that folding has to bear: negative slopes and weights of normalisations, channels that are constant, means and variances away from 0 and 1.</summary>
internal sealed class ExportExample : IDisposable
{
    public const int Classes = 5;

    public ExportExample(NetworkDescription description, int seed = 5)
    {
        using var _ = no_grad();
        Backbone = Examples.Build(description, ScalarType.Float32, seed);
        Head = new LinearHead(Backbone.FeatureCount, Classes);
        foreach (var (name, tensor) in Backbone.state_dict())
        {
            var part = name.Split('.')[^1];
            if (part is "slope" or "inner_slope" or "outer_slope")
            {
                tensor[0] = -0.5f; // lets nothing negative through
                tensor[1] = 0;
            }
            else if (part == "weight" && tensor.dim() == 1)
            {
                tensor[0] = -1.25f;
                tensor[^1] = 1e-6f; // the bias decides alone
            }
            else if (part == "weight")
            {
                tensor.flatten()[0] = 0; // sign(0) = +1
            }
        }

        Backbone.eval();
    }

    public Backbone Backbone { get; }

    public LinearHead Head { get; }

    public static ModelInfo Info { get; } = new()
    {
        Producer = "dcpnas tests",
        Classes = ["ant", "bee", "cat", "dog", "eel"],
        Preprocessing = new Preprocessing([0.5, 0.4, 0.3], [0.25, 0.2, 0.3]),
    };

    /// <summary>The logits of the network as it is, in float32.</summary>
    public Tensor Logits(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return nn.functional.linear(Backbone.Features(images), Head.Weight, Head.Bias).MoveToOuterDisposeScope();
    }

    /// <summary>All 1-bit layers get the scale 1/2, exactly, from latent weights of ±1/2.</summary>
    public void ScaleByHalf()
    {
        using var _ = no_grad();
        foreach (var layer in Backbone.BinaryLayers)
        {
            layer.Weight.copy_(Sign.Hard(layer.Weight) * 0.5);
        }
    }

    public void Dispose()
    {
        Backbone.Dispose();
        Head.Dispose();
    }
}
