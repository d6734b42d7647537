using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DcpNas.Distributed;

/// <summary>The gradients of parameters as one vector.</summary>
/// <param name="parameters">The parameters, all of one type.</param>
internal sealed class FlatGradients(IReadOnlyList<Parameter> parameters)
{
    /// <summary>Values of all parameters.</summary>
    public long Length { get; } = parameters.Sum(parameter => parameter.numel());

    /// <summary>Number of parameters.</summary>
    public long Count => parameters.Count;

    /// <summary>Takes the gradients away; null where a parameter has none.</summary>
    public Tensor?[] Take()
    {
        var taken = parameters.Select(parameter => parameter.grad).ToArray();
        foreach (var parameter in parameters)
        {
            parameter.grad = null;
        }

        return taken;
    }

    /// <summary>Takes the gradients away: their values, zeros where there are none, and per parameter 1 where there is one.</summary>
    public (Tensor Values, Tensor Used) TakeFlat()
    {
        var taken = Take();
        var values = cat([.. taken.Select((gradient, i) => (gradient ?? zeros_like(parameters[i])).reshape(-1))]);
        return (values, tensor([.. taken.Select(gradient => gradient is null ? 0f : 1f)]).to(values.dtype).to(values.device));
    }

    /// <summary>Makes a vector the gradients, added to earlier ones.</summary>
    /// <param name="values">All gradients.</param>
    /// <param name="used">Above 0 where a parameter has a gradient in any shard.</param>
    /// <param name="earlier">What to add; null for nothing.</param>
    public void Set(Tensor values, Tensor used, IReadOnlyList<Tensor?> earlier)
    {
        var has = used.cpu().to(ScalarType.Float32).data<float>().ToArray();
        var at = 0L;
        for (var i = 0; i < parameters.Count; i++)
        {
            var size = parameters[i].numel();
            var own = has[i] > 0 ? values.narrow(0, at, size).reshape(parameters[i].shape).clone() : null;
            at += size;
            var gradient = own is not null && earlier[i] is { } before ? before.add(own) : own ?? earlier[i];
            parameters[i].grad = gradient;
        }
    }
}
