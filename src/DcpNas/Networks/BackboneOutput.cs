using static TorchSharp.torch;

namespace DcpNas.Networks;

/// <summary>What a backbone makes of a batch. The tensors belong to the dispose scope of the caller.</summary>
/// <param name="Stages">One map <c>[N, Channels, H / Stride, W / Stride]</c> per <see cref="Backbone.Stages"/>, finest first.</param>
/// <param name="Auxiliary">The map that an auxiliary head reads; null in evaluation mode and where the architecture has none.</param>
public sealed record BackboneOutput(IReadOnlyList<Tensor> Stages, Tensor? Auxiliary);
