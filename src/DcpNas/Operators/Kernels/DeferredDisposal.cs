using static TorchSharp.torch;

namespace DcpNas.Operators.Kernels;

/// <summary>Deferred disposal: returns gradients to the autograd engine without keeping them until the end of the step.</summary>
/// <remarks>
/// TorchSharp keeps every gradient that passes through a custom function in the current dispose scope. Here the handles of one backward
/// call are freed by the next one on the same thread, when the engine has long taken its own references; the memory of a step then stays
/// near what the graph itself needs.
/// </remarks>
internal static class DeferredDisposal
{
    [ThreadStatic]
    private static List<Tensor?>? _last;

    /// <summary>Takes the gradients out of every dispose scope and remembers to free their handles.</summary>
    public static List<Tensor> Return(params ReadOnlySpan<Tensor?> gradients)
    {
        Release();
        var list = new List<Tensor?>(gradients.Length);
        foreach (var gradient in gradients)
        {
            gradient?.DetachFromDisposeScope();
            list.Add(gradient);
        }

        _last = list;
        return list!;
    }

    /// <summary>Frees the handles of the latest backward call; they hold memory until then.</summary>
    public static void Release()
    {
        if (_last is { } previous)
        {
            _last = null;
            foreach (var tensor in previous)
            {
                tensor?.Dispose();
            }
        }
    }
}
