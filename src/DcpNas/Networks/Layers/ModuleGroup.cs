using static TorchSharp.torch.nn;

namespace DcpNas.Networks.Layers;

/// <summary>Modules under names of one path: gives states the names that cost tables use, such as <c>cells.3.nodes.2.inputs.0</c>.</summary>
internal sealed class ModuleGroup : Module
{
    public ModuleGroup(string name, IEnumerable<(string Name, Module Module)> children)
        : base(name)
    {
        foreach (var (child, module) in children)
        {
            register_module(child, module);
        }
    }

    /// <summary>Modules named 0, 1, 2, ...</summary>
    public static ModuleGroup Of(string name, IEnumerable<Module> children) => new(name, children.Select((child, index) => ($"{index}", child)));
}
