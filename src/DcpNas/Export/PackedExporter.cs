using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Export.Lowering;
using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.ReIdentification;

namespace DcpNas.Export;

/// <summary>Makes a packed model of a trained network: the same network for the 1-bit runtime.</summary>
/// <remarks>
/// Batch normalisation (running statistics), scale, PReLU and sign become one comparison per channel where a sign follows, else one scale and one bias,
/// all folded in double precision from the float32 parameters. What is proven of the result: <see cref="ExportProof"/>.
/// </remarks>
public static class PackedExporter
{
    internal const string Features = "features";
    internal const string Head = "head";
    internal const string Neck = "neck";

    /// <summary>
    /// Makes the model. Of a classifier the outputs are the logits and the pooled features (<see cref="GraphOutput.Embedding"/>); of a network of embeddings the
    /// embedding alone, its neck a scale and a shift per feature.
    /// </summary>
    /// <param name="backbone">The network, with 1-bit weights; its mode does not matter.</param>
    /// <param name="head">Its head.</param>
    /// <param name="info">Producer, preprocessing and classes; genotype and cost are filled in where they are absent.</param>
    /// <exception cref="InputException">The network has no packed form, or a parameter is not finite.</exception>
    public static PackedModel Export(Backbone backbone, TaskHead head, ModelInfo info)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(info);
        if (head is not (LinearHead or EmbeddingHead))
        {
            throw new InputException($"A {head.GetName()} does not fit a classifier or a network of embeddings. Export detectors as such.");
        }

        var description = backbone.Description;
        return Walk(backbone, head).Build(info with
        {
            Genotype = info.Genotype ?? description.Genotype?.ToString(),
            Cost = info.Cost.Count > 0 ? info.Cost : CostOf(NetworkCatalog.Cost(description, head is LinearHead classifier ? (int)classifier.Bias.numel() : 1).Total),
        });
    }

    /// <summary>The graph of a network of any task.</summary>
    /// <exception cref="InputException">The network has no packed form, or a parameter is not finite.</exception>
    internal static GraphBuilder Walk(Backbone backbone, TaskHead head)
    {
        var description = backbone.Description;
        ThrowIfNotPackable(description);
        var builder = new GraphBuilder(description.ImageHeight, description.ImageWidth, description.ImageChannels);
        NetworkLowering.Run(backbone, head, new PackedEmitter(builder));
        return builder;
    }

    /// <summary>Refuses networks without 1-bit weights.</summary>
    /// <exception cref="InputException">The network has no packed form.</exception>
    internal static void ThrowIfNotPackable(NetworkDescription description)
    {
        if (description.RealWeights)
        {
            throw new InputException("The network has real weights: it is that of step 1, or a teacher. Export the result of step 2 (best.safetensors of the run), or export to onnx.");
        }

        if (description.Scheme == BinarizationScheme.None)
        {
            throw new InputException("The network is the real-valued counterpart (scheme none): it has no 1-bit weights to pack. Export it to onnx.");
        }
    }

    /// <summary>The totals of a cost report as a model file names them.</summary>
    internal static Dictionary<string, double> CostOf(CostAmount total) => new()
    {
        ["ops"] = total.Ops,
        ["bops"] = total.Bops,
        ["flops"] = total.Flops,
        ["binary_weights"] = total.BinaryWeights,
        ["real_parameters"] = total.RealParameters,
    };
}
