using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Search.Curvatures;

/// <summary>The second-order term of the tangent propagation: a product with the Hessian of G, or with what stands in for it.</summary>
public interface ICurvature
{
    /// <summary>The name of the option.</summary>
    string Name { get; }

    /// <summary>Whether the forward pass of the Child must be twice differentiable.</summary>
    bool NeedsSecondOrder { get; }

    /// <summary>Whether the graph of the Child's logits is still needed after g_C was taken.</summary>
    bool NeedsGraph { get; }

    /// <summary><c>H_G u</c> or its approximation, as one vector over all architecture parameters.</summary>
    /// <param name="child">The forward pass of the Child.</param>
    /// <param name="direction">u, a vector.</param>
    Tensor Product(ChildPass child, Tensor direction);
}

/// <summary>One forward pass of the Child on a batch of the architecture half.</summary>
/// <param name="Network">The Child.</param>
/// <param name="Architecture">alpha_hat.</param>
/// <param name="Images">The batch, <c>[N, C, H, W]</c>.</param>
/// <param name="Logits">z_C with its graph, <c>[N, classes]</c>.</param>
/// <param name="MatchGradient">g_C = dG/d alpha_hat as one vector; with its graph where the curvature is twice differentiated.</param>
/// <param name="Path">The discrete network that was run with straight-through gradients; null: all candidates mixed.</param>
public sealed record ChildPass(Supernet Network, ArchitectureParameters Architecture, Tensor Images, Tensor Logits, Tensor MatchGradient, Genotype? Path = null);
