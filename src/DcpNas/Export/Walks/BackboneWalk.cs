using DcpNas.Networks;

namespace DcpNas.Export.Walks;

/// <summary>Goes through a backbone and hands every layer to a sink.</summary>
internal static class BackboneWalk
{
    /// <summary>Goes through the backbone.</summary>
    /// <returns>The last map of each of its stages.</returns>
    /// <exception cref="InputException">A parameter is not finite.</exception>
    public static IReadOnlyList<T> Run<T>(Backbone backbone, INetworkSink<T> sink)
        where T : class
    {
        var parameters = new NetworkParameters(backbone);
        var stages = backbone.Description.Architecture switch
        {
            NetworkNames.Cells => new CellWalk<T>(parameters, sink).Run(),
            NetworkNames.BiRealNet18 => new BiRealNetWalk<T>(parameters, sink).Run(),
            NetworkNames.ReActNetA => new ReActNetWalk<T>(parameters, sink).Run(),
            var other => throw new InvalidOperationException($"Bug in DcpNas: no export of architecture '{other}'."),
        };
        parameters.ThrowIfUnread();
        return stages;
    }
}
