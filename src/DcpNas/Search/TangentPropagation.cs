using DcpNas.Distributed;
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
        Supernet parent, ArchitectureParameters alpha, Supernet child, ArchitectureParameters alphaHat, Tensor images, Tensor labels) =>
        Compute(parent, alpha, child, alphaHat, [new TangentPiece(images, labels, 1)], null, ShardedPass.None, (_, _) => { });

    /// <summary>Computes the gradient on a batch that may be cut into shards: tangents are added up first, then the products with the curvature along their difference.</summary>
    /// <inheritdoc cref="Compute(Supernet, ArchitectureParameters, Supernet, ArchitectureParameters, Tensor, Tensor)"/>
    internal ChildGradient Compute(
        Supernet parent, ArchitectureParameters alpha, Supernet child, ArchitectureParameters alphaHat, IReadOnlyList<TangentPiece> batch, Genotype? path, ShardedPass shards, Action<int, int> seed)
    {
        using var scope = NewDisposeScope();
        var passes = new ChildPass[batch.Count];
        var (tangents, numbers) = shards.Sum(place =>
        {
            seed(place, 1);
            var (images, labels, share) = batch[place];
            var (ofParent, logP) = ParentTangent(parent, alpha, images, labels, needsTangent: weight.IsUsed, path);
            passes[place] = Pass(child, alphaHat, images, logP, path, out var match);
            var ofChild = passes[place].MatchGradient.detach();
            var both = ofParent is null ? ofChild : cat([ofChild, ofParent]);
            return (share == 1 ? both : both * share, [match * share, Objectives.CountCorrect(passes[place].Logits, labels)]);
        });
        var length = alphaHat.All.Sum(parameter => parameter.numel());
        var childTangent = tangents.narrow(0, 0, length);
        var parentTangent = weight.IsUsed ? tangents.narrow(0, length, length) : null;

        var gradient = childTangent.neg();
        TangentEffect? effect = null;
        if (weight.IsUsed)
        {
            var direction = Distance.Derivative(distance, parentTangent!, childTangent);
            var (term, _) = shards.Sum(place =>
            {
                seed(place, 2);
                var product = curvature.Product(passes[place], direction);
                return (batch[place].Share == 1 ? product : product * batch[place].Share, []);
            });
            gradient = gradient + (term * weight.Factor(childTangent, term));
            effect = TangentEffect.Of(childTangent, gradient);
        }

        return new ChildGradient(
            [.. ParameterVector.Split(gradient, alphaHat.All).Select(part => part.detach().MoveToOuterDisposeScope())],
            -numbers[0],
            parentTangent is null ? null : Distance.Value(distance, parentTangent, childTangent).ToDouble(),
            parentTangent is null ? null : Distance.CosineOf(parentTangent, childTangent).ToDouble(),
            effect,
            (int)numbers[1]);
    }

    /// <summary>g_P as one vector and log p: DCP-NAS (4.29).</summary>
    public static (Tensor? Tangent, Tensor LogProbabilities) ParentTangent(
        Supernet parent, ArchitectureParameters alpha, Tensor images, Tensor labels, bool needsTangent = true, Genotype? path = null)
    {
        using var scope = NewDisposeScope();
        using var mode = needsTangent ? null : no_grad();
        var logits = parent.Logits(images, alpha, path);
        var tangent = needsTangent
            ? ParameterVector.Join(Autograd.Grad([Objectives.CrossEntropy(logits, labels)], [.. alpha.All])).neg_().MoveToOuterDisposeScope()
            : null;
        using var _ = no_grad();
        return (tangent, logits.detach().log_softmax(1).MoveToOuterDisposeScope());
    }

    private ChildPass Pass(Supernet child, ArchitectureParameters alphaHat, Tensor images, Tensor logP, Genotype? path, out double match)
    {
        var useCurvature = weight.IsUsed;
        using var order = useCurvature && curvature.NeedsSecondOrder ? GradientOrder.UseSecond() : null;
        var logits = child.Logits(images, alphaHat, path);
        var value = Objectives.Match(logP, logits);
        match = value.ToDouble();
        var parts = Autograd.Grad(
            [value], [.. alphaHat.All], retainGraph: useCurvature && curvature.NeedsGraph, createGraph: useCurvature && curvature.NeedsSecondOrder);
        return new ChildPass(child, alphaHat, images, logits, ParameterVector.Join(parts), path);
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

/// <summary>The images of one piece of a batch.</summary>
/// <param name="Images"><c>[N, C, H, W]</c>.</param>
/// <param name="Labels"><c>[N]</c>, int64.</param>
/// <param name="Share">Its weight in means over the batch; 1 for a batch that is not cut.</param>
internal readonly record struct TangentPiece(Tensor Images, Tensor Labels, double Share);
