using static TorchSharp.torch;

namespace DcpNas.Foundation;

/// <summary>What a module remembers.</summary>
public static class ModuleState
{
    /// <summary>Parameters and buffers by the names that they were registered under, each once.</summary>
    /// <remarks>
    /// <c>state_dict()</c> lists them once more under the names of the C# fields that hold them; such names must not reach files, and whoever changes
    /// every tensor would change those twice.
    /// </remarks>
    /// <param name="module">Its tensors stay its own.</param>
    public static SortedDictionary<string, Tensor> Of(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var state = new SortedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, value) in module.named_parameters())
        {
            state[name] = value;
        }

        foreach (var (name, value) in module.named_buffers())
        {
            state[name] = value;
        }

        return state;
    }
}
