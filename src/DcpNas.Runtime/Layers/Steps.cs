using DcpNas.Runtime.Layers.Fixed;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Decides which nodes run together, so that values in between are never stored, or are still in the cache when they are read again.</summary>
/// <remarks>
/// An affine function takes the 1-bit convolution or the pool before it where it alone reads that, a sum of two behind it where that alone reads its value, and the first
/// <see cref="Kernels.SumEpilogue.MostSigns"/> signs of the result. It runs where the last of them but the signs stood. Identities are the value that they rename. Results are the same bits.
/// </remarks>
internal sealed class Steps
{
    private readonly Dictionary<string, string> _roots = new(StringComparer.Ordinal) { [ModelGraph.InputName] = ModelGraph.InputName };
    private readonly Dictionary<string, GraphNode> _makers = new(StringComparer.Ordinal);
    private readonly int _repetitionUnit;
    private readonly IReadOnlyDictionary<string, int> _exponents = new Dictionary<string, int>(); // of the integer mode
    private readonly IReadOnlyDictionary<string, ValueShape> _stored = new Dictionary<string, ValueShape>();
    private readonly Dictionary<string, List<GraphNode?>> _readers = new(StringComparer.Ordinal); // null for an output

    /// <summary>Plans a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="alone">Whether every node is to run by itself.</param>
    /// <param name="fixedPoint">The exponents of the fast mode, or null for another.</param>
    /// <param name="integers">The integers of the integer mode, in which 1-bit convolutions run with their affine functions and all else runs alone, or null for another.</param>
    public Steps(ModelGraph graph, bool alone, FixedPointInfo? fixedPoint = null, IntegerInfo? integers = null)
    {
        _repetitionUnit = fixedPoint is null ? Kernels.Epilogue.RepetitionUnit : Kernels.Fixed.FixedEpilogue.RepetitionUnit;
        Graph = alone || integers is not null ? graph : SignsBeforeConcat.Rewrite(graph);
        foreach (var node in Graph.Nodes)
        {
            _roots[node.Name] = node is IdentityNode ? _roots[node.Inputs[0]] : node.Name;
            _makers[node.Name] = node;
            foreach (var input in node is IdentityNode ? [] : node.Inputs)
            {
                ReadersOf(input).Add(node);
            }
        }

        foreach (var output in Graph.Outputs)
        {
            ReadersOf(output.Value).Add(null);
        }

        All = alone ? [.. Graph.Nodes.Where(node => node is not IdentityNode).Select(Alone)] : integers is not null ? FuseConvolutions() : Fuse();
        _exponents = integers?.Exponents(graph) ?? _exponents;
        if (fixedPoint is not null)
        {
            var plan = new FixedSteps(Graph, All, fixedPoint.Exponents, Graph.Outputs.Select(output => _roots[output.Value]));
            (All, _stored) = (plan.All, plan.Shapes);
            foreach (var value in _stored.Keys)
            {
                _roots[value] = value;
            }
        }
    }

    /// <summary>The graph whose nodes run: that of the model, or one of the same results.</summary>
    public ModelGraph Graph { get; }

    /// <summary>The steps in order.</summary>
    public IReadOnlyList<Step> All { get; }

    /// <summary>The value that a name stands for, identities seen through.</summary>
    public string RootOf(string value) => _roots[value];

    /// <summary>The value that holds an output: as float32, or in the integer mode as 16-bit numbers.</summary>
    public string ResultOf(GraphOutput output) => _stored.GetValueOrDefault(RootOf(output.Value)).Exponent is null ? RootOf(output.Value) : FixedSteps.NameOfReal(RootOf(output.Value));

    /// <summary>Kind, size and numbers of a value as it is stored.</summary>
    public ValueShape ShapeOf(string value) => _stored.TryGetValue(value, out var shape) ? shape
        : _exponents.TryGetValue(value, out var exponent) ? Graph.ShapeOf(value) with { Exponent = exponent }
        : Graph.ShapeOf(value);

    private List<GraphNode?> ReadersOf(string value)
    {
        var root = _roots[value];
        if (!_readers.TryGetValue(root, out var readers))
        {
            _readers.Add(root, readers = []);
        }

        return readers;
    }

    private Step Alone(GraphNode node)
    {
        string[] inputs = [.. node.Inputs.Select(RootOf)];
        return node is AffineNode affine ? new(node) { Affine = affine, Inputs = inputs[..1], Shortcut = inputs.ElementAtOrDefault(1) } : new(node) { Inputs = inputs };
    }

    private List<Step> FuseConvolutions()
    {
        var counted = Graph.Nodes.OfType<AffineNode>().Select(affine => (Affine: affine, Convolution: MakerFor(affine.Inputs[0], affine) as BinaryConvolutionNode))
            .Where(pair => pair.Convolution is not null).ToDictionary(pair => (GraphNode)pair.Affine, pair => pair.Convolution!);
        var taken = counted.Values.ToHashSet<GraphNode>();
        return
        [
            .. Graph.Nodes.Where(node => node is not IdentityNode && !taken.Contains(node)).Select(node => counted.TryGetValue(node, out var convolution)
                ? Alone(node) with { Convolution = convolution, Inputs = [RootOf(convolution.Inputs[0])] }
                : Alone(node)),
        ];
    }

    private List<Step> Fuse()
    {
        var addends = Graph.Nodes.OfType<AddNode>().Select(add => (Add: add, Affine: AffineOf(add))).Where(pair => pair.Affine is not null)
            .ToDictionary(pair => pair.Affine!, pair => pair.Add);
        var affines = addends.ToDictionary(pair => (GraphNode)pair.Value, pair => pair.Key);
        var taken = new HashSet<GraphNode>(addends.Keys);
        var steps = new Dictionary<GraphNode, Step>();
        foreach (var node in Graph.Nodes)
        {
            if (node is AffineNode affine ? !addends.ContainsKey(affine) : affines.TryGetValue(node, out affine!))
            {
                var step = WithAffine(node, affine, taken);
                taken.UnionWith(step.Signs);
                steps.Add(node, step);
            }
        }

        return [.. Graph.Nodes.Where(node => node is not IdentityNode && !taken.Contains(node)).Select(node => steps.GetValueOrDefault(node) ?? Alone(node))];
    }

    private Step WithAffine(GraphNode node, AffineNode affine, HashSet<GraphNode> taken)
    {
        var before = MakerFor(affine.Inputs[0], affine);
        before = before is BinaryConvolutionNode or PoolNode ? before : null;
        var shortcut = affine.Inputs.Count > 1 ? affine.Inputs[1] : null;
        if (shortcut is not null && MakerFor(shortcut, affine) is ConcatNode concat && IsRepetition(concat))
        {
            taken.Add(concat);
            shortcut = concat.Inputs[0];
        }

        if (before is not null)
        {
            taken.Add(before);
        }

        var readers = ReadersOf(node.Name);
        SignNode[] signs = [.. readers.OfType<SignNode>().Take(Kernels.SumEpilogue.MostSigns)];
        return new(node)
        {
            Affine = affine,
            Convolution = before as BinaryConvolutionNode,
            Pool = before as PoolNode,
            Inputs = [RootOf(before is null ? affine.Inputs[0] : before.Inputs[0])],
            Shortcut = shortcut is null ? null : RootOf(shortcut),
            Addend = node == affine ? null : node.Inputs.Select(RootOf).Single(input => input != affine.Name),
            Signs = signs,
            IsWritten = readers.Count > signs.Length,
        };
    }

    /// <summary>The affine function that a sum of two can be fused with, or null: a term that nobody else reads.</summary>
    private AffineNode? AffineOf(AddNode add) => add.Inputs.Count != 2
        ? null
        : add.Inputs.Select(input => MakerFor(input, add)).OfType<AffineNode>().LastOrDefault();

    /// <summary>The node that makes a value, if it is read by this node alone and once.</summary>
    private GraphNode? MakerFor(string value, GraphNode reader) =>
        ReadersOf(value) is [var only] && only == reader ? _makers.GetValueOrDefault(_roots[value]) : null;

    private bool IsRepetition(ConcatNode concat) =>
        concat.Inputs.Select(RootOf).Distinct(StringComparer.Ordinal).Count() == 1 && Graph.ShapeOf(concat.Inputs[0]).Channels % _repetitionUnit == 0;
}
