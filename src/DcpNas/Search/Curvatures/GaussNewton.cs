using DcpNas.Native;
using DcpNas.SearchSpace.Algebra;
using static TorchSharp.torch;

namespace DcpNas.Search.Curvatures;

/// <summary>The generalised Gauss-Newton product: <c>H_G u</c> is replaced by <c>-F u</c>, <c>F = E[ J^T (diag(q) - q q^T) J ]</c>.</summary>
/// <remarks>
/// DCP-NAS (4.36) to (4.41), with the sign that calculus gives: G = -KL has the negative semidefinite Hessian <c>-F</c> up to second derivatives of the
/// logits. Matrix-free: <c>J u</c> by one forward-mode pass, <c>J^T</c> by one backward pass through the graph that g_C was taken from.
/// </remarks>
public sealed class GaussNewton : ICurvature
{
    /// <inheritdoc/>
    public string Name => "ggn";

    /// <inheritdoc/>
    public bool NeedsSecondOrder => false;

    /// <inheritdoc/>
    public bool NeedsGraph => true;

    /// <inheritdoc/>
    public Tensor Product(ChildPass child, Tensor direction)
    {
        using var scope = NewDisposeScope();
        var along = LogitTangent(child, direction);
        var outer = SoftmaxMetric(child.Logits, along).neg_();
        var parts = Autograd.Grad([child.Logits], [.. child.Architecture.All], [outer]);
        return ParameterVector.Join(parts).MoveToOuterDisposeScope();
    }

    /// <summary><c>J u</c>: the derivative of the logits along a direction of the architecture parameters, <c>[N, classes]</c>.</summary>
    public static Tensor LogitTangent(ChildPass child, Tensor direction)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var all = child.Architecture.All;
        var directions = ParameterVector.Split(direction.detach(), all);
        var math = new TangentAlgebra(child.Network.Precision.Activations);
        var weights = child.Architecture.Mix(math, leaf => new Dual(leaf, directions[IndexOf(all, leaf)]), child.Path);
        return child.Network.Apply(math, math.Constant(child.Images), weights).Tangent!.MoveToOuterDisposeScope();
    }

    /// <summary><c>(diag(q) - q q^T) t / N</c> per image, <c>q = softmax(logits)</c>.</summary>
    public static Tensor SoftmaxMetric(Tensor logits, Tensor tangent)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var q = logits.detach().softmax(1);
        var weighted = q * tangent;
        return ((weighted - (q * weighted.sum(1, keepdim: true))) / logits.shape[0]).MoveToOuterDisposeScope();
    }

    private static int IndexOf(IReadOnlyList<Tensor> all, Tensor leaf)
    {
        for (var i = 0; i < all.Count; i++)
        {
            if (ReferenceEquals(all[i], leaf))
            {
                return i;
            }
        }

        throw new InvalidOperationException("Bug in DcpNas: the graph reads an architecture parameter that is not its own.");
    }
}
