using DcpNas.Networks;
using DcpNas.Tasks.Classification;

namespace DcpNas.Export.Walks;

/// <summary>Goes through a classifier from the image to the logits and hands every layer to a sink.</summary>
internal static class NetworkWalk
{
    /// <summary>Goes through the network.</summary>
    /// <exception cref="InputException">A parameter is not finite.</exception>
    public static void Run<T>(Backbone backbone, LinearHead head, INetworkSink<T> sink)
        where T : class
    {
        var parameters = new NetworkParameters(backbone);
        var map = backbone.Description.Architecture switch
        {
            NetworkNames.Cells => new CellWalk<T>(parameters, sink).Run(),
            NetworkNames.BiRealNet18 => new BiRealNetWalk<T>(parameters, sink).Run(),
            NetworkNames.ReActNetA => new ReActNetWalk<T>(parameters, sink).Run(),
            var other => throw new InvalidOperationException($"Bug in DcpNas: no export of architecture '{other}'."),
        };
        parameters.ThrowIfUnread();
        sink.Classify(map, NetworkParameters.Numbers("head.weight", head.Weight), NetworkParameters.Numbers("head.bias", head.Bias));
    }
}
