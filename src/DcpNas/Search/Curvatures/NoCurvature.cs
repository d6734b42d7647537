using static TorchSharp.torch;

namespace DcpNas.Search.Curvatures;

/// <summary>No curvature: the identity stands in for F, so that the Child steps along the difference of the tangent directions.</summary>
public sealed class NoCurvature : ICurvature
{
    /// <inheritdoc/>
    public string Name => "none";

    /// <inheritdoc/>
    public bool NeedsSecondOrder => false;

    /// <inheritdoc/>
    public bool NeedsGraph => false;

    /// <inheritdoc/>
    public Tensor Product(ChildPass child, Tensor direction) => direction.neg();
}
