using DcpNas.Runtime;
using DcpNas.Runtime.Model;

namespace DcpNas.Embedded;

/// <summary>A network as steps over one arena.</summary>
internal sealed partial class CProgram
{
    private readonly ModelGraph _graph;
    private readonly IntegerInfo _integers;
    private readonly IReadOnlyDictionary<string, int> _exponents;
    private readonly IReadOnlyDictionary<string, int> _bits;
    private readonly Dictionary<string, CValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GraphNode> _nodes;
    private readonly Dictionary<string, int> _readers = new(StringComparer.Ordinal);
    private readonly List<CStep> _steps = [];
    private readonly List<string> _layers = [];
    private readonly List<(string Function, bool IsOfFunction, long Bytes)> _layerBytes = [];
    private readonly List<ArenaBuffer> _buffers = [];
    private readonly HashSet<string> _results;
    private int _current;

    private CProgram(PackedModel model, IntegerInfo integers)
    {
        (_graph, _integers) = (model.Graph, integers);
        (_exponents, _bits) = (integers.Exponents(_graph), integers.Bits(_graph));
        _nodes = _graph.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        _results = _graph.Outputs.Select(output => output.Value).ToHashSet(StringComparer.Ordinal);
        foreach (var value in _graph.Nodes.SelectMany(node => node.Inputs).Concat(_graph.Outputs.Select(output => output.Value)))
        {
            _readers[value] = _readers.GetValueOrDefault(value) + 1;
        }

        Sums = _graph.Nodes.Any(node => _graph.ShapeOf(node.Name).SumBound >= short.MaxValue) ? CType.Int32 : CType.Int16;
    }

    /// <summary>The type of sums of 1-bit convolutions: 16 bits where all fit, with one more for thresholds that no sum reaches.</summary>
    public CType Sums { get; }

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<CStep> Steps => _steps;

    /// <summary>Definitions of what describes layers.</summary>
    public IReadOnlyList<string> Layers => _layers;

    /// <summary>
    /// Their bytes in a linked program where a pointer has 32 bits. The layer of a convolution of numbers or a pool that is the only one of its kind is none of them: gcc -O2 writes its values into the
    /// code of the function, which it calls once. Of a detector, what describes its levels is among them.
    /// </summary>
    public long LayerBytes => (Detector?.ConstantBytes ?? 0) + _layerBytes.Where(layer => !layer.IsOfFunction || _layerBytes.Count(other => other.Function == layer.Function) > 1).Sum(layer => layer.Bytes);

    /// <summary>Constant arrays.</summary>
    public CTables Tables { get; } = new();

    /// <summary>Bytes of the arena.</summary>
    public long ArenaBytes { get; private set; }

    /// <summary>Results in their order: name, value, place and exponent.</summary>
    public IReadOnlyList<CResult> Results { get; private set; } = [];

    /// <summary>How results become boxes, of a detector.</summary>
    public CDetector? Detector { get; private set; }

    /// <summary>The exponent of a value of numbers; 0 of bits and sums.</summary>
    public int ExponentOf(string value) => _exponents.GetValueOrDefault(value);

    /// <summary>Bytes of the tables of each step; one that several steps share counts where it is read first.</summary>
    public IEnumerable<long> TableBytesOfSteps()
    {
        var bytes = Tables.All.ToDictionary(table => table.Name, table => (long)table.Bytes, StringComparer.Ordinal);
        var counted = new HashSet<string>(StringComparer.Ordinal);
        return _steps.Select(step => step.Tables.Where(counted.Add).Sum(table => bytes[table]));
    }

    /// <summary>Plans a network.</summary>
    /// <exception cref="CodeGenerationException">The model has no integer mode.</exception>
    public static CProgram Create(PackedModel model)
    {
        var program = new CProgram(model, model.Info.Integers ?? throw new CodeGenerationException(
            "The model file has no integer mode, which is what a microcontroller computes. Export the network again with this version: dcpnas export RUN --out net.dcpnas --integer."));
        program.Build();
        if (model.Info.Detector is not null)
        {
            program.Detector = CDetector.Create(model, program.Results, program.Tables);
            program.ArenaBytes = Math.Max(program.ArenaBytes, program.Detector.ArenaBytes);
        }

        return program;
    }

    private void Build()
    {
        if (_readers.GetValueOrDefault(ModelGraph.InputName) > 0)
        {
            Image();
        }

        for (_current = 0; _current < _graph.Nodes.Count; _current++)
        {
            if (!IsPartOfSums(_graph.Nodes[_current]))
            {
                Add(_graph.Nodes[_current]);
            }
        }

        PlaceResults();
        ArenaBytes = ArenaPlanner.Place(_buffers.Where(buffer => buffer.Values.Any(value => value.ResultOffset is null)));
    }

    private void PlaceResults()
    {
        var offset = 0L;
        var results = new List<CResult>();
        foreach (var (name, valueName) in _graph.Outputs)
        {
            var value = _values[valueName];
            results.Add(new CResult(name, value, offset, value.Elements, _exponents[valueName]));
            if (value.Buffer.Values.Count == 1 && value.ResultOffset is null && value.Last == value.First && value.Type == CType.Int16)
            {
                value.ResultOffset = offset; // nobody but the caller reads it, so it is written where it is wanted
            }
            else
            {
                value.ReadBy(_steps.Count);
            }

            offset += value.Elements;
        }

        Results = results;
    }

    private CValue NewValue(GraphNode node)
    {
        var (type, elements) = CValue.LayoutOf(_graph.ShapeOf(node.Name), Sums, _bits.GetValueOrDefault(node.Name));
        return NewValue(node.Name, type, elements);
    }

    private CValue NewValue(string name, CType type, long elements)
    {
        var value = new CValue(name, type, elements, _steps.Count);
        _values[name] = value;
        _buffers.Add(value.Buffer);
        return value;
    }

    /// <summary>Memory of the next step alone.</summary>
    private CValue Scratch(CType type, long elements)
    {
        var value = new CValue("", type, elements, _steps.Count);
        _buffers.Add(value.Buffer);
        return value;
    }

    /// <summary>A value that the next step reads.</summary>
    private CValue Read(string name)
    {
        var value = _values[name];
        value.ReadBy(_steps.Count);
        return value;
    }

    /// <summary>Lets the value of the next step take the place of an input that nobody reads after it. Whoever calls this reads element i before writing element i, and reads no other value there.</summary>
    private void ReusePlace(CValue output, params ReadOnlySpan<string> inputs)
    {
        foreach (var name in inputs)
        {
            var input = _values[name];
            if (IsLastReader(name) && input.Bytes == output.Bytes)
            {
                _buffers.Remove(output.Buffer);
                output.TakePlaceOf(input);
                return;
            }
        }
    }

    /// <summary>Whether no node after the next step, and no caller, reads what lies where this value does.</summary>
    private bool IsLastReader(string name)
    {
        var buffer = _values[name].Buffer;
        var alive = _values.Where(pair => pair.Value.Buffer == buffer).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        return !alive.Overlaps(_results) && !_graph.Nodes.Skip(_current + 1).Any(node => node.Inputs.Any(alive.Contains));
    }
}

/// <summary>A result of the generated network.</summary>
/// <param name="Name">The output of the model.</param>
/// <param name="Value">The value.</param>
/// <param name="Offset">Its first number among all results.</param>
/// <param name="Count">How many numbers it has.</param>
/// <param name="Exponent">A number q stands for q * 2^-Exponent.</param>
internal sealed record CResult(string Name, CValue Value, long Offset, long Count, int Exponent);

/// <summary>One step of the generated network: the calls that make one value.</summary>
/// <param name="Title">The nodes that it computes.</param>
/// <param name="Output">The value that it makes.</param>
/// <param name="Kernels">Files of C that it calls.</param>
/// <param name="Tables">Constant arrays that it reads.</param>
/// <param name="Work">How often it goes through each of its loops.</param>
/// <param name="Lines">Its statements, once every value has its place.</param>
internal sealed record CStep(string Title, CValue Output, IReadOnlyList<string> Kernels, IReadOnlyList<string> Tables, CWork Work, Func<IEnumerable<string>> Lines);
