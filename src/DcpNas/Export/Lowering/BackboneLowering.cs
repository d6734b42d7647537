using DcpNas.Networks;

namespace DcpNas.Export.Lowering;

/// <summary>Lowers a backbone: traverses it and hands every layer to an emitter.</summary>
internal static class BackboneLowering
{
    /// <summary>Goes through the backbone.</summary>
    /// <returns>The last map of each of its stages.</returns>
    /// <exception cref="InputException">A parameter is not finite.</exception>
    public static IReadOnlyList<T> Run<T>(Backbone backbone, INetworkEmitter<T> emitter)
        where T : class
    {
        var parameters = new NetworkParameters(backbone);
        var stages = backbone.Description.Architecture switch
        {
            NetworkNames.Cells => new CellLowering<T>(parameters, emitter).Run(),
            NetworkNames.BiRealNet18 => new BiRealNetLowering<T>(parameters, emitter).Run(),
            NetworkNames.ReActNetA => new ReActNetLowering<T>(parameters, emitter).Run(),
            var other => throw new InvalidOperationException($"Bug in DcpNas: no export of architecture '{other}'."),
        };
        parameters.ThrowIfUnread();
        return stages;
    }
}
