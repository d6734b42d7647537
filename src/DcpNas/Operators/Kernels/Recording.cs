using static TorchSharp.torch;

namespace DcpNas.Operators.Kernels;

/// <summary>Whether and for what a result has to be recorded for the backward pass.</summary>
internal static class Recording
{
    /// <summary>Whether a gradient to this tensor can be asked for.</summary>
    public static bool Wants(Tensor? tensor) => tensor is not null && tensor.requires_grad && is_grad_enabled();
}
