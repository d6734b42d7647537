using DcpNas.Networks;
using DcpNas.Tasks.Classification;
using static TorchSharp.torch;

namespace DcpNas.Export;

/// <summary>A copy of a classifier in float64 on the CPU, in evaluation mode, with the same modules and the same float32 parameters.</summary>
internal sealed class ReferenceNetwork : IDisposable
{
    private readonly Tensor _weight;
    private readonly Tensor _bias;

    public ReferenceNetwork(Backbone backbone, LinearHead head)
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

        _weight = head.Weight.detach().to(ScalarType.Float64).cpu().DetachFromDisposeScope();
        _bias = head.Bias.detach().to(ScalarType.Float64).cpu().DetachFromDisposeScope();
    }

    /// <summary>The backbone.</summary>
    public Backbone Backbone { get; }

    /// <summary>The logits of images, <c>[N, classes]</c> float64.</summary>
    public Tensor Logits(Tensor images)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(Backbone.Features(images.to(ScalarType.Float64).cpu()), _weight, _bias).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Backbone.Dispose();
        _weight.Dispose();
        _bias.Dispose();
    }

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
