using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests;

/// <summary>Draws models of random shape: every kind of node, odd sizes, channels around 64, every stride, padding and dilation that fits.</summary>
internal sealed class RandomGraphs
{
    private readonly Draw _draw;
    private readonly GraphBuilder _graph;
    private readonly List<GraphValue> _values;
    private readonly HashSet<string> _unread = [];
    private int _next;

    private RandomGraphs(int seed)
    {
        _draw = new Draw(seed);
        _graph = new GraphBuilder(_draw.Between(1, 9), _draw.Between(1, 9), _draw.Between(1, 4));
        _values = [_graph.Image];
    }

    public static PackedModel Create(int seed)
    {
        var graphs = new RandomGraphs(seed);
        for (var i = graphs._draw.Between(3, 14); i > 0; i--)
        {
            graphs.Grow(graphs._values[graphs._draw.Between(graphs._values.Count / 2, graphs._values.Count - 1)]);
        }

        return graphs.Finish();
    }

    private PackedModel Finish()
    {
        foreach (var value in _values.Where(value => _unread.Contains(value.Name)).ToList())
        {
            var real = value.Shape.Kind switch
            {
                ValueKind.Bits => Affine(Keep(_graph.BinaryConvolution(Name(), Read(value), Dense(value, 2, 1), ConvolutionGeometry.Pointwise))),
                ValueKind.Sums => Affine(value),
                _ => value,
            };
            _graph.Output($"out{_next++}", Read(real));
        }

        return _graph.Build(new ModelInfo { Producer = "test" });
    }

    private string Name() => $"n{_next++}";

    private GraphValue Keep(GraphValue value)
    {
        _values.Add(value);
        _unread.Add(value.Name);
        return value;
    }

    private GraphValue Read(GraphValue value)
    {
        _unread.Remove(value.Name);
        return value;
    }

    private void Grow(GraphValue input)
    {
        switch (input.Shape.Kind)
        {
            case ValueKind.Real:
                GrowReal(input);
                break;
            case ValueKind.Bits:
                GrowBits(input);
                break;
            default:
                Affine(input);
                break;
        }
    }

    private void GrowReal(GraphValue input)
    {
        var channels = input.Shape.Channels;
        switch (_draw.Between(0, 9))
        {
            case 0:
                var depthwise = _draw.Coin();
                var geometry = Geometry(input);
                var outputs = depthwise ? channels : Channels();
                Keep(_graph.Convolution(
                    Name(), Read(input), _draw.Reals(outputs * (depthwise ? 1 : channels) * geometry.Taps), _draw.Coin() ? _draw.Reals(outputs) : [], geometry, depthwise, _draw.Coin()));
                break;
            case 1 or 2 or 3:
                Keep(_graph.Sign(Name(), Read(input), _draw.Reals(channels), _draw.Rules(channels)));
                break;
            case 4:
                var taps = Geometry(input);
                Keep(_graph.SignWeightConvolution(Name(), Read(input), Weights(input, taps.Kernel), taps));
                break;
            case 5:
                var least = int.Min(input.Shape.Height, input.Shape.Width);
                var kernel = _draw.Between(1, int.Min(3, least));
                var (stride, padding) = (_draw.Between(1, 3), _draw.Between(0, kernel / 2));
                var offset = _draw.Between(0, int.Min(2, least + (2 * padding) - kernel));
                var pool = Keep(_draw.Coin() ? _graph.MaxPool(Name(), Read(input), kernel, stride, padding, offset) : _graph.AveragePool(Name(), Read(input), kernel, stride, padding, offset));
                if (_draw.Coin())
                {
                    Affine(pool);
                }

                break;
            case 6:
                GraphValue[] terms = [.. _values.Where(value => value.Shape == input.Shape).Take(3)];
                Keep(terms.Length > 1 ? _graph.Add(Name(), [.. terms.Select(Read)]) : _graph.Relu(Name(), Read(input)));
                break;
            case 7:
                Concat(input);
                break;
            case 8:
                var average = Keep(_graph.GlobalAverage(Name(), Read(input)));
                var size = Channels();
                Keep(_graph.Linear(Name(), Read(average), _draw.Reals(size * channels), _draw.Coin() ? _draw.Reals(size) : []));
                break;
            default:
                Keep(_graph.Identity(Name(), Read(Affine(input))));
                break;
        }
    }

    private void GrowBits(GraphValue input)
    {
        if (_draw.Between(0, 3) == 0)
        {
            Concat(input);
            return;
        }

        var geometry = Geometry(input);
        var weights = Weights(input, geometry.Kernel);
        Keep(_draw.Coin()
            ? _graph.BinaryConvolution(Name(), Read(input), weights, geometry)
            : _graph.BinaryConvolution(Name(), Read(input), weights, geometry, _draw.Sums(weights.OutChannels, 20), _draw.Rules(weights.OutChannels)));
    }

    private void Concat(GraphValue input)
    {
        var fits = _values.Where(value => (value.Shape.Kind, value.Shape.Height, value.Shape.Width) == (input.Shape.Kind, input.Shape.Height, input.Shape.Width)).Take(3);
        GraphValue[] parts = [input, .. fits];
        Keep(_graph.Concat(Name(), [.. parts.Select(Read)]));
    }

    private GraphValue Affine(GraphValue input)
    {
        var channels = input.Shape.Channels;
        var shape = input.Shape with { Kind = ValueKind.Real, SumBound = 0 };
        var shortcut = _draw.Coin() ? _values.FirstOrDefault(value => value.Shape == shape) : null;
        var term = _draw.Coin() ? _values.LastOrDefault(value => value.Shape == shape) : null;
        var affine = Keep(_graph.Affine(
            Name(), Read(input), _draw.Reals(channels), _draw.Reals(channels), shortcut is null ? null : Read(shortcut),
            _draw.Coin() ? _draw.Reals(channels) : [], _draw.Coin() ? _draw.Reals(channels) : []));
        return term is null ? affine : Keep(_draw.Coin() ? _graph.Add(Name(), Read(term), Read(affine)) : _graph.Add(Name(), Read(affine), Read(term)));
    }

    private SignWeights Weights(GraphValue input, int kernel) => _draw.Coin()
        ? SignWeights.PackDepthwise(_draw.Reals(input.Shape.Channels * kernel * kernel), input.Shape.Channels, kernel)
        : Dense(input, Channels(), kernel);

    private SignWeights Dense(GraphValue input, int outputs, int kernel) =>
        SignWeights.PackDense(_draw.Reals(outputs * input.Shape.Channels * kernel * kernel), outputs, input.Shape.Channels, kernel);

    private int Channels() => _draw.Of(1, 2, 5, 63, 64, 65, 70);

    private ConvolutionGeometry Geometry(GraphValue input)
    {
        while (true)
        {
            var (kernel, dilation, padding) = (_draw.Between(1, 5), _draw.Between(1, 2), _draw.Between(0, 4));
            var offset = _draw.Between(0, 2);
            if (int.Min(input.Shape.Height, input.Shape.Width) - offset + (2 * padding) > dilation * (kernel - 1))
            {
                return new ConvolutionGeometry(kernel, _draw.Between(1, 3), padding, dilation, offset);
            }
        }
    }
}
