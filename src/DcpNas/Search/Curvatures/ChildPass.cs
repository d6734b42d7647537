using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Search.Curvatures;

/// <summary>One forward pass of the Child on a batch of the architecture half.</summary>
/// <param name="Network">The Child.</param>
/// <param name="Architecture">alpha_hat.</param>
/// <param name="Images">The batch, <c>[N, C, H, W]</c>.</param>
/// <param name="Logits">z_C with its graph, <c>[N, classes]</c>.</param>
/// <param name="MatchGradient">g_C = dG/d alpha_hat as one vector; with its graph where the curvature is twice differentiated.</param>
public sealed record ChildPass(Supernet Network, ArchitectureParameters Architecture, Tensor Images, Tensor Logits, Tensor MatchGradient);
