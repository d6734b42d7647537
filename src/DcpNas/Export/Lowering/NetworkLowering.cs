using DcpNas.Networks;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.ReIdentification;

namespace DcpNas.Export.Lowering;

/// <summary>Lowers a network: reads its graph from the image to the outputs and hands every layer to an emitter.</summary>
internal static class NetworkLowering
{
    /// <summary>Goes through the network.</summary>
    /// <exception cref="InputException">A parameter is not finite, or the head has no form for export.</exception>
    public static void Run<T>(Backbone backbone, TaskHead head, INetworkEmitter<T> emitter)
        where T : class
    {
        var parameters = new NetworkParameters(backbone);
        var stages = backbone.Graph.Read(new LoweringReader<T>(parameters, emitter), emitter.Image).Stages;
        parameters.ThrowIfUnread();
        var map = stages[^1];
        switch (head)
        {
            case LinearHead classifier:
                emitter.Classify(map, NetworkParameters.Numbers("head.weight", classifier.Weight), NetworkParameters.Numbers("head.bias", classifier.Bias));
                break;
            case EmbeddingHead embedding:
                emitter.Embed(map, NeckOf(embedding));
                break;
            case SsdHead detector:
                var own = new NetworkParameters(detector, SsdHead.Prefix);
                var (scores, codes) = detector.Graph(backbone).Read(new LoweringReader<T>(own, emitter), stages);
                own.ThrowIfUnread();
                emitter.Detect(scores, codes, detector.ScoresPerAnchor);
                break;
            default:
                throw new InputException($"A {head.GetName()} cannot be exported. Export a classifier, a network of embeddings or a one-stage detector.");
        }
    }

    private static ChannelNorm NeckOf(EmbeddingHead head)
    {
        var weight = NetworkParameters.Numbers("head.neck_weight", head.Weight);
        var mean = NetworkParameters.Numbers("head.neck_running_mean", head.RunningMean);
        return new ChannelNorm(weight, new float[weight.Length], mean, NetworkParameters.Numbers("head.neck_running_var", head.RunningVariance));
    }
}
