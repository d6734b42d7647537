using static TorchSharp.torch;

namespace DcpNas.Tests.Operators;

/// <summary>Directional derivatives in float64 by differentiating a gradient product: the reference of every tangent form.</summary>
internal static class Tangents
{
    public static Tensor ByDoubleBackward(Func<Tensor, Tensor> function, Tensor point, Tensor direction)
    {
        var x = point.detach().to(ScalarType.Float64).contiguous().requires_grad_();
        var y = function(x);
        var probe = zeros_like(y).requires_grad_();
        var gradient = autograd.grad([y], [x], [probe], retain_graph: true, create_graph: true)[0];
        return autograd.grad([gradient], [probe], [direction.to(ScalarType.Float64).contiguous()])[0].detach();
    }
}
