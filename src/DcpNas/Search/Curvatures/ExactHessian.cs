using DcpNas.Native;
using static TorchSharp.torch;

namespace DcpNas.Search.Curvatures;

/// <summary>The exact product <c>H_G u = d(g_C . u)/d alpha_hat</c> by double backward: DCP-NAS (4.33) as it stands.</summary>
/// <remarks>For a 1-bit Child "exact" is the derivative of the surrogate gradients, the slope of the Bi-Real estimator included.</remarks>
public sealed class ExactHessian : ICurvature
{
    /// <inheritdoc/>
    public string Name => "exact";

    /// <inheritdoc/>
    public bool NeedsSecondOrder => true;

    /// <inheritdoc/>
    public bool NeedsGraph => true;

    /// <inheritdoc/>
    public Tensor Product(ChildPass child, Tensor direction)
    {
        using var scope = NewDisposeScope();
        var along = child.MatchGradient.dot(direction.detach());
        return ParameterVector.Join(Autograd.Grad([along], [.. child.Architecture.All])).MoveToOuterDisposeScope();
    }
}
