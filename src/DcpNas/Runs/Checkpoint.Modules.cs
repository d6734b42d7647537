using System.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DcpNas.Runs;

public sealed partial class Checkpoint
{
    /// <summary>Adds the parameters and buffers of a module as <c>prefix.key</c>.</summary>
    public void AddModule(string prefix, nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        foreach (var (key, value) in ModuleState.Of(module))
        {
            Add($"{prefix}.{key}", value);
        }
    }

    /// <summary>Copies parameters and buffers back into a module of the same structure, on whatever device it is.</summary>
    /// <exception cref="InputException">A tensor is missing, superfluous, or of another shape or type; the module is then unchanged.</exception>
    public void RestoreModule(string prefix, nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var targets = ModuleState.Of(module);
        foreach (var (key, target) in targets)
        {
            var name = $"{prefix}.{key}";
            var source = Get(name);
            if (source.dtype != target.dtype || !source.shape.AsSpan().SequenceEqual(target.shape))
            {
                throw InputException.InFile(_origin, $"tensor '{name}'", Describe(target), Describe(source), OtherRun);
            }
        }

        var start = prefix + ".";
        var extra = _tensors.Keys.FirstOrDefault(name => name.StartsWith(start, StringComparison.Ordinal) && !targets.ContainsKey(name[start.Length..]));
        if (extra is not null)
        {
            throw InputException.InFile(_origin, $"tensor '{extra}'", "no such tensor", "one", OtherRun);
        }

        using var guard = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (key, target) in targets)
        {
            target.copy_(Get($"{prefix}.{key}"));
        }
    }

    /// <summary>Adds the state of an optimiser (momenta, step counts, learning rates) as bytes.</summary>
    public void AddOptimizer(string name, OptimizerHelper optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            optimizer.save_state_dict(writer);
        }

        Add(name, stream.ToArray());
    }

    /// <summary>Restores the state of an optimiser over the same parameters.</summary>
    /// <exception cref="InputException">There is no such state, or it belongs to another kind of optimiser.</exception>
    public void RestoreOptimizer(string name, OptimizerHelper optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        using var reader = new BinaryReader(new MemoryStream(GetBytes(name)));
        try
        {
            optimizer.load_state_dict(reader);
        }
        catch (Exception error) when (error is ArgumentException or IOException or InvalidDataException or InvalidOperationException)
        {
            throw InputException.InFile(_origin, $"tensor '{name}'", "the state of this optimiser", $"another one ({error.Message})", OtherRun, error);
        }
    }

    /// <summary>Adds the state of the CPU random generator.</summary>
    public void AddRandomState(string name)
    {
        using var state = get_rng_state();
        using var copy = state.clone();
        Add(name, copy);
    }

    /// <summary>Restores the state of the CPU random generator.</summary>
    /// <exception cref="InputException">There is no such state.</exception>
    public void RestoreRandomState(string name)
    {
        using var state = tensor(GetBytes(name), dtype: ScalarType.Byte);
        set_rng_state(state);
    }

    private static string Describe(Tensor value) => $"{value.dtype} [{string.Join(", ", value.shape)}]";
}
