using DcpNas.Binarization;
using DcpNas.Networks;
using static TorchSharp.torch;

namespace DcpNas.Export;

/// <summary>The parameters and statistics of a backbone or a head by their names in checkpoints.</summary>
internal sealed class NetworkParameters
{
    private readonly SortedDictionary<string, Tensor> _tensors;
    private readonly Dictionary<string, ConvolutionLayer> _convolutions;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Those of a backbone.</summary>
    public NetworkParameters(Backbone backbone)
        : this(backbone, "")
    {
    }

    /// <summary>Those of a module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="prefix">What stands before its names: <c>head.</c></param>
    public NetworkParameters(nn.Module module, string prefix)
    {
        _tensors = new SortedDictionary<string, Tensor>(ModuleState.Of(module).ToDictionary(pair => prefix + pair.Key, pair => pair.Value), StringComparer.Ordinal);
        _convolutions = module.named_modules().Where(child => child.module is ConvolutionLayer).ToDictionary(child => prefix + child.name, child => (ConvolutionLayer)child.module);
    }

    /// <summary>The numbers of a parameter or buffer.</summary>
    /// <exception cref="InputException">One of them is not finite.</exception>
    public float[] Read(string name) => Numbers(name, Take(name));

    /// <summary>A batch normalisation.</summary>
    public ChannelNorm Norm(string name) => new(Read($"{name}.weight"), Read($"{name}.bias"), Read($"{name}.running_mean"), Read($"{name}.running_var"));

    /// <summary>A convolution.</summary>
    public Filter Filter(string name)
    {
        var layer = _convolutions[name];
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        if (_tensors.ContainsKey($"{name}.rho"))
        {
            Take($"{name}.rho");
        }

        return new Filter(name, layer.Shape, Read($"{name}.weight"), layer is BinaryConvolution binary ? Numbers($"the scale of {name}", binary.Beta()) : null);
    }

    /// <summary>Fails if there is a parameter that nobody has read: the traversal of the network has left a layer out.</summary>
    public void ThrowIfUnread()
    {
        var unread = _tensors.Keys.Where(name => !_read.Contains(name)).ToList();
        if (unread.Count > 0)
        {
            throw new InvalidOperationException($"Bug in DcpNas: the export leaves out {string.Join(", ", unread)}.");
        }
    }

    /// <summary>The numbers of a tensor on any device.</summary>
    /// <exception cref="InputException">One of them is not finite.</exception>
    public static float[] Numbers(string name, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var numbers = tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        var bad = Array.FindIndex(numbers, number => !float.IsFinite(number));
        return bad < 0 ? numbers : throw new InputException($"{name}[{bad}] must be finite, got {numbers[bad]}: the network is broken. Export another checkpoint.");
    }

    private Tensor Take(string name)
    {
        var tensor = _tensors.TryGetValue(name, out var found) ? found : throw new InvalidOperationException($"Bug in DcpNas: the network has no '{name}'.");
        _read.Add(name);
        return tensor;
    }
}
