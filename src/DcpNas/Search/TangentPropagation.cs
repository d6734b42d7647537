using DcpNas.Native;
using DcpNas.Operators;
using DcpNas.Search.Curvatures;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>The gradient of the Child's architecture parameters under the Parent's tangent direction.</summary>
/// <remarks>
/// DCP-NAS (4.29) to (4.33): <c>g_P = -dCE(y, p)/d alpha</c>, <c>g_C = dG/d alpha_hat</c>, <c>G = -KL(p || q)</c>, and
/// <c>grad L_C = -g_C + lambda H_G dD/dg_C</c>; with the Frobenius distance and the Gauss-Newton matrix that is
/// <c>-g_C + 2 lambda F (g_P - g_C)</c>. g_P and p come from the Parent on the same batch.
/// </remarks>
/// <param name="curvature">What stands for H_G.</param>
/// <param name="distance">D.</param>
/// <param name="weight">Weight of the tangent term; <see cref="TangentWeight.None"/> leaves it out (CP-NAS).</param>
public sealed class TangentPropagation(ICurvature curvature, DistanceKind distance, TangentWeight weight)
{
    /// <summary>Computes the gradient on one batch of the architecture half.</summary>
    /// <returns>Tensors of the current dispose scope.</returns>
    public ChildGradient Compute(
        Supernet parent, ArchitectureParameters alpha, Supernet child, ArchitectureParameters alphaHat, Tensor images, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var (parentTangent, logP) = ParentTangent(parent, alpha, images, labels, needsTangent: weight.IsUsed);
        var pass = Pass(child, alphaHat, images, logP, out var match);
        var childTangent = pass.MatchGradient.detach();

        var gradient = childTangent.neg();
        TangentEffect? effect = null;
        if (weight.IsUsed)
        {
            var direction = Distance.Derivative(distance, parentTangent!, childTangent);
            var term = curvature.Product(pass, direction);
            gradient = gradient + (term * weight.Factor(childTangent, term));
            effect = TangentEffect.Of(childTangent, gradient);
        }

        var correct = Objectives.CountCorrect(pass.Logits, labels);
        return new ChildGradient(
            [.. ParameterVector.Split(gradient, alphaHat.All).Select(part => part.detach().MoveToOuterDisposeScope())],
            -match,
            parentTangent is null ? null : Distance.Value(distance, parentTangent, childTangent).ToDouble(),
            parentTangent is null ? null : Distance.CosineOf(parentTangent, childTangent).ToDouble(),
            effect,
            correct);
    }

    /// <summary>g_P as one vector and log p: DCP-NAS (4.29).</summary>
    public static (Tensor? Tangent, Tensor LogProbabilities) ParentTangent(
        Supernet parent, ArchitectureParameters alpha, Tensor images, Tensor labels, bool needsTangent = true)
    {
        using var scope = NewDisposeScope();
        using var mode = needsTangent ? null : no_grad();
        var logits = parent.Logits(images, alpha);
        var tangent = needsTangent
            ? ParameterVector.Join(Autograd.Grad([Objectives.CrossEntropy(logits, labels)], [.. alpha.All])).neg_().MoveToOuterDisposeScope()
            : null;
        using var _ = no_grad();
        return (tangent, logits.detach().log_softmax(1).MoveToOuterDisposeScope());
    }

    private ChildPass Pass(Supernet child, ArchitectureParameters alphaHat, Tensor images, Tensor logP, out double match)
    {
        var useCurvature = weight.IsUsed;
        using var order = useCurvature && curvature.NeedsSecondOrder ? GradientOrder.UseSecond() : null;
        var logits = child.Logits(images, alphaHat);
        var value = Objectives.Match(logP, logits);
        match = value.ToDouble();
        var parts = Autograd.Grad(
            [value], [.. alphaHat.All], retainGraph: useCurvature && curvature.NeedsGraph, createGraph: useCurvature && curvature.NeedsSecondOrder);
        return new ChildPass(child, alphaHat, images, logits, ParameterVector.Join(parts));
    }
}

/// <summary>What one architecture step saw.</summary>
/// <param name="Parts">The gradient of the loss, one tensor per architecture parameter.</param>
/// <param name="MatchLoss">KL(p || q), or the cross entropy of a supernet that learns from labels; mean over the batch.</param>
/// <param name="Discrepancy">D; null where the tangents take no part.</param>
/// <param name="Cosine">Cosine of g_P and g_C; null likewise.</param>
/// <param name="Tangent">What the tangent term does to the step; null likewise.</param>
/// <param name="Correct">Images that the supernet classified right.</param>
public sealed record ChildGradient(IReadOnlyList<Tensor> Parts, double MatchLoss, double? Discrepancy, double? Cosine, TangentEffect? Tangent, int Correct);
