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
        throw new NotSupportedException($"Bug in DcpNas: no network is built for {description.Architecture} yet.");
    }

    /// <summary>What the network costs per image at inference with a linear classifier on its features.</summary>
    /// <param name="description">The network; step 1 is counted as the step 2 that it becomes.</param>
    /// <param name="classes">Outputs of the classifier, at least 1.</param>
    /// <exception cref="OptionsException">The description has problems.</exception>
    public static CostReport Cost(NetworkDescription description, int classes)
    {
        Check(description);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        return GenotypeCost.Report(description.Genotype!, description.Geometry(classes));
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
