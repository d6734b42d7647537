using DcpNas.Networks;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.ReIdentification;
using static TorchSharp.torch;

namespace DcpNas.Export;

/// <summary>A copy of a network in float64 on the CPU, in evaluation mode, with the same modules and the same float32 parameters.</summary>
internal sealed class ReferenceNetwork : IDisposable
{
    private readonly Tensor[] _parameters;
    private readonly Func<Tensor, Tensor> _head;

    public ReferenceNetwork(Backbone backbone, TaskHead head)
    {
        using var _ = no_grad();
        Backbone = InDouble(() => NetworkCatalog.Create(backbone.Description));
        Backbone.eval();
        using var scope = NewDisposeScope();
        var source = ModuleState.Of(backbone);
        foreach (var (name, target) in ModuleState.Of(Backbone))
        {
            target.copy_(source[name]);
        }

        (_parameters, _head) = head switch
        {
            LinearHead linear => Classifier(linear),
            EmbeddingHead embedding => Neck(embedding),
            _ => throw new InvalidOperationException($"Bug in DcpNas: no reference of the head {head.GetName()}."),
        };
    }

    /// <summary>The backbone.</summary>
    public Backbone Backbone { get; }

    /// <summary>The logits, <c>[N, classes]</c>, or embeddings, <c>[N, features]</c>, of images, float64.</summary>
    public Tensor Output(Tensor images)
    {
        using var scope = NewDisposeScope();
        return _head(Backbone.Features(images.to(ScalarType.Float64).cpu())).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Backbone.Dispose();
        Array.ForEach(_parameters, parameter => parameter.Dispose());
    }

    private static (Tensor[] Parameters, Func<Tensor, Tensor> Head) Classifier(LinearHead head)
    {
        var (weight, bias) = (Double(head.Weight), Double(head.Bias));
        return ([weight, bias], features => nn.functional.linear(features, weight, bias));
    }

    private static (Tensor[] Parameters, Func<Tensor, Tensor> Head) Neck(EmbeddingHead head)
    {
        var (weight, mean, variance) = (Double(head.Weight), Double(head.RunningMean), Double(head.RunningVariance));
        return ([weight, mean, variance], features => (features - mean) / (variance + EmbeddingHead.Epsilon).sqrt() * weight);
    }

    private static Tensor Double(Tensor value) => value.detach().to(ScalarType.Float64).cpu().DetachFromDisposeScope();

    /// <summary>New tensors take the default type and device, which are global; they are put back at once.</summary>
    internal static T InDouble<T>(Func<T> create)
    {
        var (type, device) = (get_default_dtype(), get_default_device());
        set_default_dtype(ScalarType.Float64);
        set_default_device(CPU);
        try
        {
            return create();
        }
        finally
        {
            set_default_dtype(type);
            set_default_device(device);
        }
    }
}
