using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.SearchSpace;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Networks.Layers;

/// <summary>A cell of a genotype: DCP-NAS (4.27) with the two edges that each node keeps.</summary>
internal sealed class Cell : Module
{
    private readonly CellGeometry _geometry;
    private readonly ReshapeLayer[] _preprocess;
    private readonly (int Input, CellLayer Layer)[][] _nodes;

    public Cell(CellGeometry geometry, CellGenotype genotype, Precision precision)
        : base(nameof(Cell))
    {
        _geometry = geometry;
        var channels = geometry.Channels;
        _preprocess =
        [
            new ReshapeLayer(geometry.Older.Channels, channels, geometry.ReducesOlder ? 2 : 1, activate: true, precision),
            new ReshapeLayer(geometry.Newer.Channels, channels, 1, activate: true, precision),
        ];
        register_module("preprocess", ModuleGroup.Of("preprocess", _preprocess));
        var kind = geometry.IsReduction ? CellKind.Reduction : CellKind.Normal;
        _nodes = [.. genotype.Nodes.Select(edges =>
            edges.Select(edge => (edge.Input, Create(edge.Operation, channels, CellTopology.Stride(kind, edge.Input), precision))).ToArray())];
        register_module("nodes", new ModuleGroup("nodes", _nodes.Select((edges, index) =>
            ($"{index + CellTopology.InputCount}", (Module)new ModuleGroup("node", [("inputs", new ModuleGroup("inputs", edges.Select(edge => ($"{edge.Input}", (Module)edge.Layer))))])))));
    }

    public bool IsReduction => _geometry.IsReduction;

    public int OutputChannels => _geometry.Output.Channels;

    public IEnumerable<ConvolutionLayer> Convolutions =>
        _preprocess.Concat(_nodes.SelectMany(edges => edges).Select(edge => edge.Layer)).SelectMany(layer => layer.Convolutions);

    /// <summary>The output of the cell from those of the two before it.</summary>
    /// <param name="prevPrev">Of the cell before the last.</param>
    /// <param name="prev">Of the last cell.</param>
    /// <param name="dropPath">Probability with which an edge is left out for a sample; 0 leaves none out.</param>
    public Tensor Apply(Tensor prevPrev, Tensor prev, double dropPath)
    {
        using var scope = NewDisposeScope();
        var states = new List<Tensor> { _preprocess[0].Apply(prevPrev), _preprocess[1].Apply(prev) };
        foreach (var edges in _nodes)
        {
            states.Add(Sum(edges, states, dropPath));
        }

        return cat(states[CellTopology.InputCount..], 1).MoveToOuterDisposeScope();
    }

    private static Tensor Sum((int Input, CellLayer Layer)[] edges, List<Tensor> states, double dropPath)
    {
        using var scope = NewDisposeScope();
        var terms = edges.Select(edge => DropPath.Of(edge.Layer.Apply(states[edge.Input]), edge.Layer.CanDrop ? dropPath : 0)).ToArray();
        return (terms[0] + terms[1]).MoveToOuterDisposeScope();
    }

    private static CellLayer Create(string operation, int channels, int stride, Precision precision) => OperationTable.Of(operation).Form switch
    {
        OperationForm.Identity => stride == 1 ? new IdentityLayer() : new ReshapeLayer(channels, channels, stride, activate: false, precision),
        OperationForm.Pool pool => new PoolLayer(pool.IsMaximum, channels, stride),
        OperationForm.Separable separable => new SeparableLayer(separable, channels, stride, precision),
        _ => throw new InvalidOperationException($"Bug in DcpNas: operation '{operation}' has no layers."),
    };
}
