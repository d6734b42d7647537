using static TorchSharp.torch;

namespace DcpNas.Tasks;

/// <summary>What a network made of a batch. The tensors belong to the dispose scope of the caller.</summary>
/// <param name="Main">The outputs of the head.</param>
/// <param name="Auxiliary">The output of the auxiliary head; null in evaluation mode and without one.</param>
public sealed record TaskOutput(IReadOnlyList<Tensor> Main, Tensor? Auxiliary);
