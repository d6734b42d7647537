using System.Globalization;
using DcpNas.Runtime.Layers;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>A packed 1-bit network: a checked graph with its weights. Immutable; any number of threads may use it.</summary>
public sealed partial class PackedModel
{
    private readonly Lock _gate = new();
    private readonly string[] _labels;
    private readonly Dictionary<NumericMode, ExecutionPlan> _plans = [];

    internal PackedModel(ModelGraph graph, ModelInfo info)
    {
        info.Check(graph);
        Graph = graph;
        Info = info;
        var logits = graph.Outputs.FirstOrDefault(output => output.Name == GraphOutput.Logits);
        var count = logits is null ? 0 : (int)graph.ShapeOf(logits.Value).Elements;
        _labels = info.Classes.Count > 0 ? [.. info.Classes] : new string[count];
    }

    /// <summary>The graph.</summary>
    public ModelGraph Graph { get; }

    /// <summary>Producer, genotype, network, preprocessing, classes, cost.</summary>
    public ModelInfo Info { get; }

    /// <summary>Bytes that the values of one image take in a runner of the exact mode, one thread each.</summary>
    public long ImageBytes => ImageBytesIn(NumericMode.Exact);

    /// <summary>Bytes that the values of one image take in a runner of a mode, one thread each.</summary>
    /// <exception cref="PackedModelException">The model has no such mode.</exception>
    public long ImageBytesIn(NumericMode mode) => new MemoryPlanner(Graph, keepAll: false, FixedPointOf(mode), IntegersOf(mode)).TotalBytes;

    /// <summary>The name of a class, or its index in digits where the model names none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The model has no such class.</exception>
    public string LabelOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _labels.Length);
        return _labels[index] ??= index.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The layers that run the model. Runners share them, but those that keep values have their own places.</summary>
    internal ExecutionPlan Plan(PackedRunnerOptions options)
    {
        var set = InstructionSets.Choose(options.InstructionSet);
        var (fixedPoint, integers) = (FixedPointOf(options.Mode), IntegersOf(options.Mode));
        if (options.KeepValues)
        {
            return new ExecutionPlan(Graph, keepAll: true, fixedPoint, integers, set, options.MaxImageBytes);
        }

        lock (_gate)
        {
            if (!_plans.TryGetValue(options.Mode, out var plan) || plan.Set != set || plan.MaxBytes > options.MaxImageBytes)
            {
                _plans[options.Mode] = plan = new ExecutionPlan(Graph, keepAll: false, fixedPoint, integers, set, options.MaxImageBytes);
            }

            return plan;
        }
    }

    private FixedPointInfo? FixedPointOf(NumericMode mode) => mode != NumericMode.Fast ? null : Info.FixedPoint ?? throw new PackedModelException(
        "The model file says nothing about fixed-point numbers, so it has no fast mode. Export the network again, or run the exact mode.");

    private IntegerInfo? IntegersOf(NumericMode mode) => mode != NumericMode.Integer ? null : Info.Integers ?? throw new PackedModelException(
        "The model file holds no integers, so it has no integer mode. Export the network again with --integer, or run the exact mode.");
}
