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
        var map = BackboneWalk.Run(backbone, sink)[^1];
        sink.Classify(map, NetworkParameters.Numbers("head.weight", head.Weight), NetworkParameters.Numbers("head.bias", head.Bias));
    }
}
