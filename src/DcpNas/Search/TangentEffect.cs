using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>What the tangent term does to a step of the Child's alpha.</summary>
/// <param name="Share">Its norm over the sum of its norm and that of g_C; 0 where it changes nothing.</param>
/// <param name="StepCosine">Cosine of the step with the term and the step without it; 1 where it changes no direction.</param>
public sealed record TangentEffect(double Share, double StepCosine)
{
    /// <summary>Compares a gradient with the one without the tangent term.</summary>
    /// <param name="own">g_C; the gradient without the term is <c>-g_C</c>.</param>
    /// <param name="gradient">The gradient with the term.</param>
    public static TangentEffect Of(Tensor own, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (size, step) = (TangentWeight.NormOf(own), TangentWeight.NormOf(gradient));
        var term = TangentWeight.NormOf(gradient.detach() + own.detach());
        var dot = -(own.detach().to(ScalarType.Float64) * gradient.detach().to(ScalarType.Float64)).sum().ToDouble();
        return new TangentEffect(term + size == 0 ? 0 : term / (term + size), size * step == 0 ? 1 : dot / (size * step));
    }
}
