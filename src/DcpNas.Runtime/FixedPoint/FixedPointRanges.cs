using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>How large the numbers become that nodes make, and compute on their way.</summary>
internal sealed class FixedPointRanges
{
    private const double Headroom = 2;

    private readonly ModelGraph _graph;
    private readonly Dictionary<string, float> _largest;
    private readonly float[][] _numbers = [[], []];

    /// <summary>Starts with nothing seen.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="everyNode">Whether all real values are watched, or those alone that the fast mode may store in 16 bits.</param>
    public FixedPointRanges(ModelGraph graph, bool everyNode = false)
    {
        _graph = graph;
        var added = graph.Nodes.OfType<AffineNode>().SelectMany(node => node.Inputs.Skip(1)).Concat(graph.Nodes.Where(node => node is AddNode or ConcatNode).SelectMany(node => node.Inputs)).ToHashSet(StringComparer.Ordinal);
        _largest = graph.Nodes
            .Where(node => graph.ShapeOf(node.Name).Kind == ValueKind.Real && (node is AffineNode or AddNode || (node is not IdentityNode && (everyNode || added.Contains(node.Name)))))
            .ToDictionary(node => node.Name, _ => 0f, StringComparer.Ordinal);
    }

    /// <summary>Widens the ranges by those of the last image of a runner that keeps values.</summary>
    public void Observe(PackedRunner runner)
    {
        foreach (var node in _graph.Nodes.Where(node => _largest.ContainsKey(node.Name)))
        {
            _largest[node.Name] = Math.Max(_largest[node.Name], node switch
            {
                AffineNode affine => Largest(affine, Read(runner, affine.Inputs[0], 0), affine.Inputs.Count > 1 ? Read(runner, affine.Inputs[1], 1) : []),
                AddNode add => Largest(add, runner),
                _ => Largest(Read(runner, node.Name, 0)),
            });
        }
    }

    /// <summary>For every node the largest exponent at which its range fits 16 bits. Nodes of infinite numbers are left out.</summary>
    public IReadOnlyDictionary<string, int> Exponents() => _largest.Where(pair => float.IsFinite(pair.Value)).ToDictionary(pair => pair.Key, pair => Exponent(pair.Value), StringComparer.Ordinal);

    private static int Exponent(double largest) => largest == 0
        ? FixedPointInfo.MostExponent / 2
        : Math.Clamp((int)Math.Floor(Math.Log2(short.MaxValue / (Headroom * largest))), FixedPointInfo.LeastExponent, FixedPointInfo.MostExponent);

    private static float Largest(AffineNode node, ReadOnlySpan<float> input, ReadOnlySpan<float> shortcut)
    {
        var (scale, bias) = (node.Scale, node.Bias);
        var slope = (node.Slope ?? default).Span;
        var shift = (node.Shift ?? default).Span;
        var largest = 0f;
        for (var i = 0; i < input.Length; i++)
        {
            var channel = i % scale.Length;
            var value = (input[i] * scale.Span[channel]) + bias.Span[channel];
            largest = Larger(largest, value);
            if (!shortcut.IsEmpty)
            {
                value += shortcut[i];
                largest = Larger(Larger(largest, shortcut[i]), value);
            }

            if (!slope.IsEmpty && value < 0)
            {
                value *= slope[channel];
                largest = Larger(largest, value);
            }

            if (!shift.IsEmpty)
            {
                largest = Larger(largest, value + shift[channel]);
            }
        }

        return largest;
    }

    private float Largest(AddNode node, PackedRunner runner)
    {
        var total = Read(runner, node.Inputs[0], 0).ToArray();
        var largest = Largest(total);
        foreach (var input in node.Inputs.Skip(1))
        {
            var term = Read(runner, input, 0);
            for (var i = 0; i < total.Length; i++)
            {
                total[i] += term[i];
                largest = Larger(Larger(largest, term[i]), total[i]);
            }
        }

        return largest;
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values)
        {
            largest = Larger(largest, value);
        }

        return largest;
    }

    /// <summary>NaN counts as infinite: such a node stays float32.</summary>
    private static float Larger(float largest, float value) => float.IsNaN(value) ? float.PositiveInfinity : Math.Max(largest, Math.Abs(value));

    private ReadOnlySpan<float> Read(PackedRunner runner, string value, int place)
    {
        var length = (int)_graph.ShapeOf(value).Elements;
        if (_numbers[place].Length < length)
        {
            _numbers[place] = new float[length];
        }

        return _numbers[place].AsSpan(0, runner.ReadValue(value, _numbers[place]));
    }
}
