using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests;

/// <summary>Gives a model any integers that a file may hold, up to every limit.</summary>
internal sealed class AnyIntegers
{
    private readonly Draw _draw;
    private readonly ModelGraph _graph;
    private readonly Dictionary<string, int> _exponents = new(StringComparer.Ordinal);

    private AnyIntegers(ModelGraph graph, int seed) => (_graph, _draw) = (graph, new Draw(seed));

    public static PackedModel Of(PackedModel model, int seed)
    {
        var any = new AnyIntegers(model.Graph, seed);
        var image = any.Image(model.Graph.Input.Channels);
        var nodes = new Dictionary<string, IntegerNode>();
        foreach (var node in model.Graph.Nodes)
        {
            if (IntegerNode.BelongsTo(node, model.Graph))
            {
                var integers = any.Node(node);
                nodes.Add(node.Name, IntegerNode.MayBeNarrow(node) && any._draw.Between(0, 2) == 0 ? integers.WithBits(8) : integers);
            }

            if (model.Graph.ShapeOf(node.Name).Kind == ValueKind.Real)
            {
                any._exponents.Add(node.Name, nodes.GetValueOrDefault(node.Name)?.Exponent ?? any._exponents[node.Inputs[0]]);
            }
        }

        var info = model.Info with { Preprocessing = model.Info.Preprocessing ?? SampleModels.Info(model.Graph.Input.Channels, 0).Preprocessing };
        return new PackedModel(model.Graph, info with { Integers = new IntegerInfo { Image = image, Nodes = nodes, CalibrationImages = 1, Agreement = new(1, 0, null) } });
    }

    private IntegerImage Image(int channels)
    {
        _exponents[ModelGraph.InputName] = Exponent();
        int[] multipliers = [.. Enumerable.Range(0, channels).Select(_ => _draw.Between(0, short.MaxValue))];
        return new IntegerImage(_exponents[ModelGraph.InputName], multipliers, [.. multipliers.Select(multiplier => -128 * multiplier)], _draw.Between(7, 12));
    }

    private IntegerNode Node(GraphNode node)
    {
        var output = _graph.ShapeOf(node.Name);
        switch (node)
        {
            case ConvolutionNode convolution:
                return Layer(convolution.Weight.Length, output.Channels, convolution.Geometry.Taps * (convolution.Depthwise ? 1 : _graph.ShapeOf(node.Inputs[0]).Channels));
            case LinearNode linear:
                return Layer(linear.Weight.Length, output.Channels, _graph.ShapeOf(node.Inputs[0]).Channels);
            case SignNode:
                return new IntegerSign(Shorts(output.Channels));
            case GlobalAverageNode:
                return new IntegerAverage(Exponent(), _draw.Between(1, int.MaxValue - 1), _draw.Between(1, 62));
            case SignWeightConvolutionNode:
                var input = _exponents[node.Inputs[0]];
                return new IntegerSum(_draw.Between(int.Max(FixedPointInfo.LeastExponent, input - 30), input));
            case AffineNode affine:
                return Affine(affine, output.Channels);
            default:
                return new IntegerSum(_draw.Between(FixedPointInfo.LeastExponent, node.Inputs.Min(term => _exponents[term])));
        }
    }

    private IntegerLayer Layer(int weights, int outputs, int terms)
    {
        var most = int.Min(_draw.Of(127, 32767), 65535 / terms);
        return new IntegerLayer(
            Exponent(), _draw.Between(0, 30), Many(weights, () => (short)_draw.Between(-most, most)), Many(outputs, () => (short)_draw.Between(0, short.MaxValue)),
            Many(outputs, () => _draw.Between(-(1 << 30), 1 << 30)));
    }

    private IntegerAffine Affine(AffineNode node, int channels)
    {
        var bound = _graph.ShapeOf(node.Inputs[0]) is { Kind: ValueKind.Sums, SumBound: var sums } ? sums : 32768;
        const int Largest = int.MaxValue - 65535;
        var most = int.Min(short.MaxValue, Largest / bound);
        var multipliers = Many(channels, () => (short)_draw.Between(-most, most));
        var biases = new int[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            var room = Largest - (bound * Math.Abs(multipliers[channel]));
            biases[channel] = _draw.Of(-room, room, _draw.Between(-room, room));
        }

        var exponent = _draw.Between(FixedPointInfo.LeastExponent, node.Inputs.Skip(1).Aggregate(FixedPointInfo.MostExponent, (least, term) => int.Min(least, _exponents[term])));
        return new IntegerAffine(
            exponent, _draw.Between(0, 30), node.Slope is null ? null : _draw.Between(0, 15), multipliers, biases, Maybe(node.Slope, channels), Maybe(node.Shift, channels));
    }

    // A null array would become an empty memory, not a null one: hence the longer form.
    private ReadOnlyMemory<short>? Maybe(ReadOnlyMemory<float>? numbers, int channels) => numbers is null ? default(ReadOnlyMemory<short>?) : Shorts(channels);

    private int Exponent() => _draw.Between(FixedPointInfo.LeastExponent, FixedPointInfo.MostExponent);

    private short[] Shorts(int count) => Many(count, () => _draw.Of(short.MinValue, short.MaxValue, (short)_draw.Between(short.MinValue, short.MaxValue)));

    private static T[] Many<T>(int count, Func<T> one) => [.. Enumerable.Range(0, count).Select(_ => one())];
}
