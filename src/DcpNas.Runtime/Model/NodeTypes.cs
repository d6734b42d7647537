namespace DcpNas.Runtime.Model;

/// <summary>The node types of the format, one row each.</summary>
internal static class NodeTypes
{
    private static readonly Dictionary<string, Func<NodeSource, GraphNode>> Readers = new(StringComparer.Ordinal)
    {
        [ConvolutionNode.TypeName] = ConvolutionNode.Read,
        [SignNode.TypeName] = SignNode.Read,
        [BinaryConvolutionNode.TypeName] = BinaryConvolutionNode.Read,
        [SignWeightConvolutionNode.TypeName] = SignWeightConvolutionNode.Read,
        [AffineNode.TypeName] = AffineNode.Read,
        [PoolNode.MaximumName] = PoolNode.Read,
        [PoolNode.AverageName] = PoolNode.Read,
        [AddNode.TypeName] = AddNode.Read,
        [ConcatNode.TypeName] = ConcatNode.Read,
        [ReluNode.TypeName] = ReluNode.Read,
        [GlobalAverageNode.TypeName] = GlobalAverageNode.Read,
        [LinearNode.TypeName] = LinearNode.Read,
        [IdentityNode.TypeName] = IdentityNode.Read,
    };

    /// <summary>Every type name.</summary>
    public static IReadOnlyCollection<string> Names => Readers.Keys;

    /// <summary>Makes the node that the source describes.</summary>
    /// <exception cref="ModelFaultException">The type is unknown, or an attribute or tensor is missing, wrong or left over.</exception>
    public static GraphNode Create(NodeSource source)
    {
        if (!Readers.TryGetValue(source.Type, out var read))
        {
            throw new ModelFaultException(source.Place, $"a type of {string.Join(", ", Names)}", $"'{source.Type}'");
        }

        var node = read(source);
        source.ExpectNothingLeft();
        return node;
    }
}
