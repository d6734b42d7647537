using System.Globalization;
using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;
using static TorchSharp.torch;

namespace DcpNas.Export;

/// <summary>Finds out which network a packed model was made of, so that the same architecture can be built again.</summary>
/// <remarks>
/// A model file holds a genotype but no sizes: they are read off the graph. A guess counts only where the export of a network of that description
/// has the same nodes, of the same types, inputs and shapes; so the answer is right or there is none.
/// </remarks>
public static class PackedArchitecture
{
    private const string Remedy = "Only models that dcpnas export has written can be compared.";

    /// <summary>The description of the network. What leaves no trace in the graph (the surrogate gradient, the kind of scale) has its default.</summary>
    /// <param name="model">A model.</param>
    /// <exception cref="InputException">It is no classifier, its genotype cannot be read, or no network has this graph.</exception>
    public static NetworkDescription Recover(PackedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var classes = Classes(model);
        foreach (var description in Candidates(model).Where(description => description.Problems().Count == 0))
        {
            if (IsSame(model.Graph, Rebuild(description, classes)))
            {
                return description;
            }
        }

        throw new InputException($"The graph of the model is that of no network of {string.Join(", ", NetworkNames.All)}. {Remedy}");
    }

    /// <summary>Outputs of the classifier.</summary>
    /// <exception cref="InputException">The model has no logits, or fewer than two.</exception>
    public static int Classes(PackedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var count = model.Graph.Outputs.FirstOrDefault(output => output.Name == GraphOutput.Logits) is { } logits ? model.Graph.ShapeOf(logits.Value).Elements : 0;
        return count >= 2 ? (int)count : throw new InputException($"The model has {count} classes, but a classifier has at least 2. {Remedy}");
    }

    private static IEnumerable<NetworkDescription> Candidates(PackedModel model)
    {
        var graph = model.Graph;
        var scheme = graph.Nodes.Any(node => node is SignWeightConvolutionNode) ? BinarizationScheme.Release : BinarizationScheme.Paper;
        var plain = new NetworkDescription { ImageHeight = graph.Input.Height, ImageWidth = graph.Input.Width, ImageChannels = graph.Input.Channels, Scheme = scheme };
        var stems = Enum.GetValues<StemKind>();
        if (model.Info.Genotype is not { } text)
        {
            if (Has("stem"))
            {
                var channels = graph.ShapeOf("stem").Channels;
                foreach (var (name, stem) in NetworkNames.All.Where(name => name != NetworkNames.Cells).SelectMany(name => stems.Select(stem => (name, stem))))
                {
                    yield return plain with { Architecture = name, Stem = stem, Channels = channels };
                }
            }

            yield break;
        }

        var cells = 1 + graph.Nodes.Select(node => node.Name.Split('.')).Where(parts => parts[0] == "cells" && parts.Length > 1)
            .Select(parts => int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : -1).DefaultIfEmpty(-1).Max();
        if (cells == 0 || !Has("stem.0") || !Has("cells.0"))
        {
            yield break;
        }

        var genotype = Genotype.Parse(text);
        var width = graph.ShapeOf("cells.0").Channels / genotype.Normal.Nodes.Count; // twice that of the description where the first cell reduces
        foreach (var (channels, stem) in ((int[])[width, width / 2]).Where(channels => channels > 0).SelectMany(channels => stems.Select(stem => (channels, stem))))
        {
            yield return plain with
            {
                Genotype = genotype,
                Cells = cells,
                Channels = channels,
                Stem = stem,
                StemMultiplier = stem == StemKind.Cifar ? int.Max(1, graph.ShapeOf("stem.0").Channels / channels) : plain.StemMultiplier,
            };
        }

        bool Has(string name) => graph.Nodes.Any(node => node.Name == name);
    }

    private static ModelGraph Rebuild(NetworkDescription description, int classes)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var backbone = NetworkCatalog.Create(description);
        using var head = new LinearHead(backbone.FeatureCount, classes);
        return PackedExporter.Export(backbone, head, new ModelInfo { Producer = "dcpnas" }).Graph;
    }

    private static bool IsSame(ModelGraph left, ModelGraph right) =>
        left.Nodes.Count == right.Nodes.Count && left.Nodes.Zip(right.Nodes).All(pair =>
            pair.First.Name == pair.Second.Name && pair.First.Type == pair.Second.Type && pair.First.Inputs.SequenceEqual(pair.Second.Inputs)
            && pair.First.BinaryWeights == pair.Second.BinaryWeights && left.ShapeOf(pair.First.Name) == right.ShapeOf(pair.Second.Name));
}
