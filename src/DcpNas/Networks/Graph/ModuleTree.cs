using DcpNas.Networks.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace DcpNas.Networks.Graph;

/// <summary>A layer or parameter that is made later.</summary>
internal sealed class Declared<T>(Func<T> create)
    where T : class
{
    private T? _value;

    /// <summary>The layer.</summary>
    public T Value => _value ?? throw new InvalidOperationException("Bug in DcpNas: a layer is used before it is made.");

    /// <summary>Makes it.</summary>
    public T Create() => _value = create();
}

/// <summary>Layers by their paths, such as <c>cells.3.nodes.2.inputs.0.norm</c>, made at once in the order of the tree.</summary>
/// <remarks>That is the order of parameters in lists, and in which first weights are drawn.</remarks>
internal sealed class ModuleTree
{
    private readonly List<(string Name, ModuleTree? Branch, Action<Module>? Create)> _children = [];

    /// <summary>A layer.</summary>
    public Declared<T> Module<T>(string path, Func<T> create)
        where T : Module => Declare(path, create, (owner, name, module) => owner.register_module(name, module));

    /// <summary>A parameter of a layer.</summary>
    public Declared<Parameter> Parameter(string path, Func<Parameter> create) =>
        Declare(path, create, (owner, name, parameter) => owner.register_parameter(name, parameter));

    /// <summary>Makes all of them below a module.</summary>
    /// <param name="owner">Gets them as children.</param>
    /// <param name="first">Children that come first, in this order.</param>
    public void Create(Module owner, IReadOnlyList<string> first)
    {
        var named = first.SelectMany(name => _children.Where(child => child.Name == name));
        foreach (var (name, branch, create) in named.Concat(_children.Where(child => !first.Contains(child.Name))))
        {
            if (branch is null)
            {
                create!(owner);
                continue;
            }

            var group = new ModuleGroup(name, []);
            branch.Create(group, []);
            owner.register_module(name, group);
        }
    }

    private Declared<T> Declare<T>(string path, Func<T> create, Action<Module, string, T> register)
        where T : class
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot >= 0)
        {
            return BranchOf(path[..dot]).Declare(path[(dot + 1)..], create, register);
        }

        if (_children.Exists(child => child.Name == path))
        {
            throw new InvalidOperationException($"Bug in DcpNas: two layers are called '{path}'.");
        }

        var declared = new Declared<T>(create);
        _children.Add((path, null, owner => register(owner, path, declared.Create())));
        return declared;
    }

    private ModuleTree BranchOf(string name)
    {
        var index = _children.FindIndex(child => child.Name == name);
        if (index < 0)
        {
            index = _children.Count;
            _children.Add((name, new ModuleTree(), null));
        }

        return _children[index].Branch ?? throw new InvalidOperationException($"Bug in DcpNas: the layer '{name}' cannot hold others.");
    }
}
