using DcpNas.Cost;
using DcpNas.Networks.Graph;

namespace DcpNas.Networks;

/// <summary>Builds and counts networks from their descriptions.</summary>
public static class NetworkCatalog
{
    /// <summary>Builds a network in training mode with fresh weights from the global generator of torch.</summary>
    /// <exception cref="OptionsException">The description has problems.</exception>
    public static Backbone Create(NetworkDescription description)
    {
        Check(description);
        return new Backbone(description);
    }

    /// <summary>What the network costs per image at inference with a linear classifier on its features.</summary>
    /// <remarks>Step 1 of a training (<see cref="NetworkDescription.RealWeights"/>) is counted as what it is: 32 bits a weight, and FLOPs where a sign meets a real weight.</remarks>
    /// <param name="description">The network.</param>
    /// <param name="classes">Outputs of the classifier, at least 1.</param>
    /// <exception cref="OptionsException">The description has problems.</exception>
    public static CostReport Cost(NetworkDescription description, int classes)
    {
        Check(description);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        var (text, architecture) = description.Genotype is { } genotype ? (genotype.ToString(), null) : ("", description.Architecture);
        var geometry = description.Geometry(classes);
        return new CostReport(text, geometry, CostReader.Layers(NetworkTable.GraphOf(description), geometry.Image, classes)) { Architecture = architecture };
    }

    /// <summary>The stages of the network (<see cref="Backbone.Stages"/>), without building it.</summary>
    /// <exception cref="OptionsException">The description has problems.</exception>
    public static IReadOnlyList<FeatureStage> Stages(NetworkDescription description)
    {
        Check(description);
        var reader = new ModuleReader();
        return [.. NetworkTable.GraphOf(description).Read(reader, reader.Input(description.ImageChannels)).Stages.Select(stage => stage.Stage)];
    }

    private static void Check(NetworkDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        if (description.Problems() is { Count: > 0 } problems)
        {
            throw new OptionsException("network description", problems);
        }
    }
}
