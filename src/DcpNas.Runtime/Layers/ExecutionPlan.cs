using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>A model made ready to run: its layers in order, and the places of its values. Immutable; runners share it.</summary>
internal sealed class ExecutionPlan
{
    private readonly MemoryPlanner _memory;

    /// <summary>Prepares a model.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="keepAll">Whether every value can be read afterwards.</param>
    /// <param name="fixedPoint">The exponents of the fast mode, or null for another.</param>
    /// <param name="integers">The integers of the integer mode, or null for another.</param>
    /// <param name="set">The instructions to use.</param>
    /// <param name="maxBytes">The most that the values of one image may take.</param>
    /// <exception cref="PackedModelException">They take more.</exception>
    public ExecutionPlan(ModelGraph graph, bool keepAll, FixedPointInfo? fixedPoint, IntegerInfo? integers, InstructionSet set, long maxBytes)
    {
        _memory = new MemoryPlanner(graph, keepAll, fixedPoint, integers);
        if (_memory.TotalBytes > maxBytes)
        {
            throw new PackedModelException(
                $"The values of one image take {_memory.TotalBytes} bytes, more than the {maxBytes} that are allowed. Raise {nameof(PackedRunnerOptions.MaxImageBytes)} if you trust the model.");
        }

        (Set, MaxBytes) = (set, maxBytes);
        Image = _memory[ModelGraph.InputName];
        var factory = new LayerFactory(_memory, integers, set, maxBytes);
        Layers = [.. Steps.Select(factory.Create)];
        Outputs = [.. graph.Outputs.Select(output => _memory.Steps.ResultOf(output)).Select(value => new Operand(_memory.Steps.ShapeOf(value), _memory[value]))];
        ScratchBytes = Layers.Select(layer => layer.ScratchBytes).DefaultIfEmpty().Max();
    }

    /// <summary>The instructions in use.</summary>
    public InstructionSet Set { get; }

    /// <summary>The limit under which the plan was made.</summary>
    public long MaxBytes { get; }

    /// <summary>The layers.</summary>
    public Layer[] Layers { get; }

    /// <summary>The nodes that each layer runs.</summary>
    public IReadOnlyList<Step> Steps => _memory.Steps.All;

    /// <summary>Where the image goes.</summary>
    public Slot Image { get; }

    /// <summary>The results, in the order of the outputs of the graph.</summary>
    public Operand[] Outputs { get; }

    /// <summary>Bytes of a workspace.</summary>
    public int WorkspaceBytes => (int)_memory.TotalBytes;

    /// <summary>Bytes that each thread needs besides.</summary>
    public int ScratchBytes { get; }

    /// <summary>Where a value is.</summary>
    public Slot SlotOf(string value) => _memory[value];

    /// <summary>Kind, size and numbers of a value as it is stored.</summary>
    public ValueShape ShapeOf(string value) => _memory.Steps.ShapeOf(_memory.Steps.RootOf(value));
}
