using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>A packed 1-bit network: a checked graph with its weights. Immutable; any number of threads may use it.</summary>
public sealed partial class PackedModel
{
    internal PackedModel(ModelGraph graph, ModelInfo info)
    {
        info.Check(graph);
        Graph = graph;
        Info = info;
    }

    /// <summary>The graph.</summary>
    public ModelGraph Graph { get; }

    /// <summary>Producer, genotype, preprocessing, classes, cost.</summary>
    public ModelInfo Info { get; }
}
