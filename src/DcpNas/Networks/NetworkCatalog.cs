using DcpNas.Cost;
using DcpNas.SearchSpace;

namespace DcpNas.Networks;

/// <summary>Builds and counts networks from their descriptions.</summary>
public static class NetworkCatalog
{
    /// <summary>Builds a network in training mode with fresh weights from the global generator of torch.</summary>
    /// <exception cref="OptionsException">The description has problems.</exception>
    public static Backbone Create(NetworkDescription description)
    {
        Check(description);
        return description.Architecture switch
        {
            NetworkNames.Cells => new CellBackbone(description),
            NetworkNames.BiRealNet18 => new BiRealNet(description),
            NetworkNames.ReActNetA => new ReActNet(description),
            _ => throw new InvalidOperationException($"Bug in DcpNas: architecture '{description.Architecture}' has no network."),
        };
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
        return description.Architecture switch
        {
            NetworkNames.Cells => GenotypeCost.Report(description.Genotype!, description.Geometry(classes)),
            NetworkNames.BiRealNet18 => BiRealNetCost.Report(description, classes),
            NetworkNames.ReActNetA => ReActNetCost.Report(description, classes),
            _ => throw new InvalidOperationException($"Bug in DcpNas: architecture '{description.Architecture}' has no costs."),
        };
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
