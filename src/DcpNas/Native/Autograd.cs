using static TorchSharp.torch;

namespace DcpNas.Native;

/// <summary>The only gate to torch.autograd.grad.</summary>
public static class Autograd
{
    /// <summary>Gradients of outputs with respect to inputs; zeros for inputs that are not used.</summary>
    public static Tensor[] Grad(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor>? gradOutputs = null, bool retainGraph = false, bool createGraph = false)
    {
        var gradients = autograd.grad([.. outputs], [.. inputs], gradOutputs is null ? null! : [.. gradOutputs], retainGraph || createGraph, createGraph, allow_unused: true);
        return [.. gradients.Select((gradient, i) => gradient is null || gradient.IsInvalid ? zeros_like(inputs[i]) : gradient)];
    }
}
