using DcpNas.Binarization;
using DcpNas.SearchSpace.Algebra;
using DcpNas.SearchSpace.Layers;
using static TorchSharp.torch.nn;

namespace DcpNas.SearchSpace;

/// <summary>A cell in which every edge holds every operation: DCP-NAS (4.27) and (4.28).</summary>
/// <remarks>
/// Each state is normalised and binarised once, then read by all its edges; a node adds all its weighted candidates in one sum. <c>none</c> adds
/// zero and is not computed, nor are candidates that weights leave out (<see cref="NodeSelection"/>), nor what they alone would read. Candidates are
/// normalised before they are added: a separable block ends with an unbounded sum and skip passes its input on, and the largest candidate would own the node
/// and the gradient of alpha (DARTS ends each candidate with a batch normalisation of its own). With partial channels the first 1/K channels take part, the
/// others by-pass, and both are shuffled together.
/// </remarks>
public sealed class SupernetCell : Module
{
    private readonly Preprocess _before;
    private readonly Preprocess _last;
    private readonly EdgeOperation[][] _edges; // [edge][column - 1]
    private readonly int _channels;
    private readonly int _partial;
    private readonly bool _binaryInputs;
    private readonly bool _normalizeCandidates;

    /// <summary>Creates a cell.</summary>
    /// <param name="kind">Normal or reduction.</param>
    /// <param name="beforeChannels">Channels of the output of the cell before the last.</param>
    /// <param name="lastChannels">Channels of the output of the last cell.</param>
    /// <param name="channels">Channels of each node.</param>
    /// <param name="halveBefore">Whether the last cell was a reduction, so that the one before it is twice as large.</param>
    /// <param name="partial">K of the partial channels.</param>
    /// <param name="precision">Real or 1-bit.</param>
    /// <param name="normalizeCandidates">Whether every candidate ends with batch normalisation.</param>
    public SupernetCell(
        CellKind kind, int beforeChannels, int lastChannels, int channels, bool halveBefore, int partial, Precision precision, bool normalizeCandidates = true)
        : base(nameof(SupernetCell))
    {
        Kind = kind;
        (_channels, _partial, _binaryInputs, _normalizeCandidates) = (channels, partial, precision.BinaryInputs, normalizeCandidates);
        _before = new Preprocess(beforeChannels, channels, halveBefore, precision);
        _last = new Preprocess(lastChannels, channels, halve: false, precision);
        register_module("before", _before);
        register_module("last", _last);
        _edges = [.. Enumerable.Range(CellTopology.InputCount, CellTopology.NodeCount).SelectMany(node => Enumerable.Range(0, node)).Select(input =>
        {
            var place = new OperationPlace(channels / partial, IsStrided(input) ? 2 : 1, precision);
            return OperationTable.All.Select(operation => EdgeOperations.Create(operation.Form, place)).OfType<EdgeOperation>().ToArray();
        })];
        for (var edge = 0; edge < _edges.Length; edge++)
        {
            for (var k = 0; k < _edges[edge].Length; k++)
            {
                register_module($"edge{edge}_{OperationNames.All[k + 1]}", _edges[edge][k]);
            }
        }
    }

    /// <summary>Normal or reduction.</summary>
    public CellKind Kind { get; }

    /// <summary>The instances of an operation, one per edge; empty for <c>none</c>.</summary>
    public IEnumerable<EdgeOperation> Instances(int column) => column == 0 ? [] : _edges.Select(edge => edge[column - 1]);

    /// <summary>All convolutions of the cell.</summary>
    public IEnumerable<ConvolutionLayer> Convolutions =>
        _before.Convolutions.Concat(_last.Convolutions).Concat(_edges.SelectMany(edge => edge).SelectMany(operation => operation.Convolutions));

    /// <summary>The convolutions that a discrete cell runs.</summary>
    public IEnumerable<ConvolutionLayer> ConvolutionsOf(CellGenotype cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var kept = cell.Edges().ToList();
        var inputs = kept.Select(edge => edge.Edge.Input).ToHashSet();
        return (inputs.Contains(0) ? _before.Convolutions : []).Concat(inputs.Contains(1) ? _last.Convolutions : [])
            .Concat(kept.SelectMany(edge => _edges[edge.EdgeIndex][OperationNames.IndexOf(edge.Edge.Operation) - 1].Convolutions));
    }

    /// <summary>Applies the cell to the outputs of the two cells before it.</summary>
    public T Apply<T>(INetworkAlgebra<T> math, T before, T last, IReadOnlyList<NodeWeights<T>> weights)
        where T : class => math.Scope(() =>
        {
            var read = weights.SelectMany(node => node.Selection.Inputs).ToHashSet();
            var states = new List<State<T>?>
            {
                read.Contains(0) ? Read(math, _before.Apply(math, before)) : null,
                read.Contains(1) ? Read(math, _last.Apply(math, last)) : null,
            };
            for (var node = CellTopology.InputCount; node < CellTopology.PlaceCount; node++)
            {
                var value = AddCandidates(math, states, node, weights[node - CellTopology.InputCount]);
                states.Add(read.Contains(node) ? Read(math, value) : new State<T>(value, null, null));
            }

            return math.Concat([.. states.Skip(CellTopology.InputCount).Select(state => state!.Value)]);
        });

    private bool IsStrided(int input) => Kind == CellKind.Reduction && input < CellTopology.InputCount;

    private State<T> Read<T>(INetworkAlgebra<T> math, T value)
        where T : class
    {
        if (_partial == 1)
        {
            return new(value, new(value, math.Normalize(value, _binaryInputs)), null);
        }

        var active = math.Channels(value, 0, _channels / _partial);
        return new(value, new(active, math.Normalize(active, _binaryInputs)), math.Channels(value, _channels / _partial, _channels - (_channels / _partial)));
    }

    private T AddCandidates<T>(INetworkAlgebra<T> math, List<State<T>?> states, int node, NodeWeights<T> weights)
        where T : class => math.Scope(() =>
        {
            var first = CellTopology.FirstEdge(node);
            var selection = weights.Selection;
            var terms = selection.Candidates.Select(term => Candidate(math, _edges[first + term.Input][term.Column - 1], states[term.Input]!.Input!)).ToList();
            var mixed = math.WeightedSum(weights.Operations, terms);
            if (_partial == 1)
            {
                return mixed;
            }

            var bypass = selection.Inputs.Select(input => IsStrided(input) ? math.HalveByMax(states[input]!.Bypass!) : states[input]!.Bypass!).ToList();
            var rest = weights.Edges is null ? math.Sum(bypass) : math.WeightedSum(weights.Edges, bypass);
            return math.ShuffleChannels(math.Concat([mixed, rest]), _partial);
        });

    /// <summary>The result of an operation as it enters the mixed sum: of zero mean and unit variance per channel where candidates are normalised.</summary>
    private T Candidate<T>(INetworkAlgebra<T> math, EdgeOperation operation, CellInput<T> input)
        where T : class => _normalizeCandidates && !operation.EndsNormalized
            ? math.Scope(() => math.Normalize(operation.Apply(math, input)))
            : operation.Apply(math, input);

    private sealed record State<T>(T Value, CellInput<T>? Input, T? Bypass)
        where T : class;
}
