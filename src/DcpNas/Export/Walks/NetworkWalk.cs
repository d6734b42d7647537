using DcpNas.Networks;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.ReIdentification;

namespace DcpNas.Export.Walks;

/// <summary>Goes through a network from the image to the outputs and hands every layer to a sink.</summary>
internal static class NetworkWalk
{
    /// <summary>Goes through the network.</summary>
    /// <exception cref="InputException">A parameter is not finite, or the head has no form for export.</exception>
    public static void Run<T>(Backbone backbone, TaskHead head, INetworkSink<T> sink)
        where T : class
    {
        var stages = BackboneWalk.Run(backbone, sink);
        var map = stages[^1];
        switch (head)
        {
            case LinearHead classifier:
                sink.Classify(map, NetworkParameters.Numbers("head.weight", classifier.Weight), NetworkParameters.Numbers("head.bias", classifier.Bias));
                break;
            case EmbeddingHead embedding:
                sink.Embed(map, NeckOf(embedding));
                break;
            case SsdHead detector:
                SsdWalk.Run(detector, backbone.Description, stages, sink);
                break;
            default:
                throw new InputException($"A {head.GetName()} cannot be exported. Export a classifier, a network of embeddings or a one-stage detector.");
        }
    }

    private static ChannelNorm NeckOf(EmbeddingHead head)
    {
        var weight = NetworkParameters.Numbers("head.neck_weight", head.Weight);
        return new ChannelNorm(
            weight, new float[weight.Length], NetworkParameters.Numbers("head.neck_running_mean", head.RunningMean), NetworkParameters.Numbers("head.neck_running_var", head.RunningVariance));
    }
}
