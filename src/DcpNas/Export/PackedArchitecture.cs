using System.Globalization;
using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Export.Walks;
using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using DcpNas.SearchSpace;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.ReIdentification;
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
    /// <exception cref="InputException">It is of no known task, its genotype cannot be read, or no network has this graph.</exception>
    public static NetworkDescription Recover(PackedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _ = HeadOf(model);
        foreach (var description in Candidates(model).Where(description => description.Problems().Count == 0))
        {
            if (Rebuild(description, model) is { } graph && IsSame(model.Graph, graph))
            {
                return description;
            }
        }

        throw new InputException($"The graph of the model is that of no network of {string.Join(", ", NetworkNames.All)}. {Remedy}");
    }

    /// <summary>A head with fresh weights like that of the model: of a classifier, of a network of embeddings, or of a one-stage detector.</summary>
    /// <param name="model">A model.</param>
    /// <param name="backbone">What it stands on: a network of <see cref="Recover"/>.</param>
    /// <exception cref="InputException">The model is of no known task.</exception>
    public static TaskHead CreateHead(PackedModel model, Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(backbone);
        return HeadOf(model)(backbone) ?? throw new InputException($"The backbone has too few stages for the head of the model. {Remedy}");
    }

    /// <summary>What makes a head; it gives null where a backbone has too few stages for it.</summary>
    private static Func<Backbone, TaskHead?> HeadOf(PackedModel model)
    {
        if (model.Info.Detector is { } detector)
        {
            var (design, classes) = (DesignOf(model.Graph, detector), model.Info.Classes.Count);
            return design.Problems() is { Count: > 0 } problems
                ? throw new InputException($"The model has no head of a one-stage detector: {problems[0].TrimEnd('.')}. {Remedy}")
                : backbone => backbone.Stages.Count < design.Stages ? null : new SsdHead(design, backbone.Description, backbone.Stages, classes);
        }

        if (model.Graph.Outputs.FirstOrDefault(output => output.Name == GraphOutput.Logits) is { } logits)
        {
            var count = (int)model.Graph.ShapeOf(logits.Value).Elements;
            return count >= 2 ? backbone => new LinearHead(backbone.FeatureCount, count) : throw new InputException($"The model has {count} classes, but a classifier has at least 2. {Remedy}");
        }

        return model.Graph.Outputs.Any(output => output.Name == GraphOutput.Embedding)
            ? backbone => new EmbeddingHead(backbone.FeatureCount, persons: 2) // who learned it leaves no trace
            : throw new InputException($"The model is no classifier, no network of embeddings and no detector. {Remedy}");
    }

    private static DetectorDesign DesignOf(ModelGraph graph, DetectorInfo detector)
    {
        var names = graph.Nodes.Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        var stages = Count(SsdWalk.Lateral);
        return new DetectorDesign
        {
            Stages = stages,
            ExtraLevels = detector.Levels.Count - stages,
            NeckChannels = stages > 0 ? graph.ShapeOf(SsdWalk.Lateral(0)).Channels : 0,
            TowerUnits = Count(unit => SsdWalk.Tower(0, unit)),
            Anchors = [.. detector.Levels.Select(level => level.Anchors)],
        };

        int Count(Func<int, string> name) => Enumerable.Range(0, names.Count).TakeWhile(index => names.Contains(name(index))).Count();
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

    private static ModelGraph? Rebuild(NetworkDescription description, PackedModel model)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var backbone = NetworkCatalog.Create(description);
        using var head = HeadOf(model)(backbone);
        return head is null ? null : PackedExporter.Walk(backbone, head).Build(new ModelInfo { Producer = "dcpnas" }).Graph;
    }

    private static bool IsSame(ModelGraph left, ModelGraph right) =>
        left.Nodes.Count == right.Nodes.Count && left.Nodes.Zip(right.Nodes).All(pair =>
            pair.First.Name == pair.Second.Name && pair.First.Type == pair.Second.Type && pair.First.Inputs.SequenceEqual(pair.Second.Inputs)
            && pair.First.BinaryWeights == pair.Second.BinaryWeights && left.ShapeOf(pair.First.Name) == right.ShapeOf(pair.Second.Name));
}
