using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>The weighted sum of the candidates of a mixed edge or node, DCP-NAS (4.27) and (4.28), in one pass over all terms.</summary>
public static class MixedSum
{
    /// <summary><c>y = sum_m p_m t_m</c>. Backward: <c>dt_m = p_m g</c>, <c>dp_m = &lt;g, t_m&gt;</c>.</summary>
    /// <remarks>One call per node, with the terms of all its edges, reads the gradient once for all of them.</remarks>
    /// <param name="probabilities"><c>[M]</c>.</param>
    /// <param name="terms">M tensors of one shape.</param>
    /// <exception cref="ShapeException">The number of probabilities or a shape differs.</exception>
    /// <exception cref="ArgumentException">There is no term.</exception>
    public static Tensor Of(Tensor probabilities, IReadOnlyList<Tensor> terms)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.Count == 0)
        {
            throw new ArgumentException("terms must hold at least one tensor, got 0.", nameof(terms));
        }

        ShapeException.ThrowIfNot(probabilities, "mixing probabilities", terms.Count);
        foreach (var term in terms)
        {
            ShapeException.ThrowIfUnlike(term, "mixed term", terms[0]);
        }

        if (!GradientOrder.IsSecond && Dense.IsFloatOnCpu(probabilities) && terms.All(Dense.IsChannelsLast))
        {
            return MixedSumFunction.Apply(probabilities, terms);
        }

        using var scope = NewDisposeScope();
        var parts = probabilities.unbind(0);
        var sum = terms[0] * parts[0];
        for (var m = 1; m < terms.Count; m++)
        {
            sum = sum + (terms[m] * parts[m]);
        }

        return sum.MoveToOuterDisposeScope();
    }
}
