using DcpNas.Runtime;
using DcpNas.Runtime.Model;

namespace DcpNas.Embedded;

/// <summary>1-bit convolutions: their sums live for one pixel only where an affine node or thresholds follow, so that no map of sums is stored.</summary>
internal sealed partial class CProgram
{
    /// <summary>Whether the sums of a node are computed by the affine node that reads them.</summary>
    private bool IsPartOfSums(GraphNode node)
    {
        if (_graph.ShapeOf(node.Name).Kind != ValueKind.Sums || Parts(node.Name) is null)
        {
            return false;
        }

        var reader = _graph.Nodes.First(other => other.Inputs.Contains(node.Name));
        return reader is AffineNode || (reader is ConcatNode && IsPartOfSums(reader));
    }

    /// <summary>The convolutions whose sums are a value, each with its first channel; null where another node reads them too, or makes some of them.</summary>
    private List<(BinaryConvolutionNode Node, int First)>? Parts(string value)
    {
        if (_readers[value] != 1)
        {
            return null;
        }

        switch (_nodes[value])
        {
            case BinaryConvolutionNode { Thresholds: null } convolution:
                return [(convolution, 0)];
            case ConcatNode concat:
                var parts = new List<(BinaryConvolutionNode, int)>();
                var first = 0;
                foreach (var input in concat.Inputs)
                {
                    if (Parts(input) is not { } some)
                    {
                        return null;
                    }

                    parts.AddRange(some.Select(part => (part.Node, part.First + first)));
                    first += _graph.ShapeOf(input).Channels;
                }

                return parts;
            default:
                return null;
        }
    }

    private void BinaryToBits(BinaryConvolutionNode node)
    {
        var (shape, bound) = (_graph.ShapeOf(node.Name), (node.Weights.Depthwise ? 1 : node.Weights.InChannels) * node.Geometry.Taps);
        var sums = SumsOfPixel([(node, 0)]);
        var output = NewValue(node);
        var scratch = Scratch(Sums, shape.Channels);
        // No sum is below -bound, and every sum is below bound + 1: the same bits, in the type of sums.
        var threshold = Tables.Add(Sums, node.Thresholds!.Value.ToArray().Select(value => Math.Clamp(value, -bound, bound + 1)).ToArray().AsSpan());
        var rule = Tables.Add(CType.Word, Rules(node.Rules!.Value.Span));
        string[] Signs(CValue place) => [Text($"nn_threshold({scratch.Pointer}, {place.Pointer} + i * {CValue.WordsOf(shape.Channels)}, {shape.Channels}, {threshold}, {rule});")];
        if (!node.Weights.Depthwise)
        {
            Step(node.Name, output, [.. sums.Kernels, "threshold"], [.. sums.Tables, threshold, rule], WorkOf([(node, 0)], toSigns: true), () => Loop(shape, [.. sums.Lines(scratch.Pointer), .. Signs(output)]));
            return;
        }

        var planes = int.Log2(node.Geometry.Taps + 1) + 1;
        var limits = Tables.Add(CType.Word, Limits(node, planes));
        var (layer, _) = BinaryLayer(node.Weights, node.Geometry, node);
        Step(node.Name, output, [.. sums.Kernels, "threshold", "binary_depthwise_signs"], [.. sums.Tables, threshold, rule, limits], WorkOf([(node, 0)], toSigns: true, planes), () => Loop(shape,
        [
            Text($"if (!nn_binary_signs_depthwise(&{layer}, {_values[node.Inputs[0]].Pointer}, y, x, {limits}, {planes}, {rule}, {output.Pointer} + i * {CValue.WordsOf(shape.Channels)})) {{"),
            .. sums.Lines(scratch.Pointer).Concat(Signs(output)).Select(line => $"    {line}"),
            "}",
        ]));
    }

    /// <summary>How many different signs of all taps it takes at least for a sum below its threshold, in planes of bits; 1, which none reaches, past the last channel.</summary>
    private static uint[] Limits(BinaryConvolutionNode node, int planes)
    {
        var taps = node.Geometry.Taps;
        var thresholds = node.Thresholds!.Value.Span;
        var limits = new uint[CValue.WordsOf(thresholds.Length) * planes];
        for (var channel = 0; channel < limits.Length / planes * 32; channel++)
        {
            // taps - 2 d < t where d >= floor((taps - t) / 2) + 1
            var limit = channel < thresholds.Length ? Math.Clamp(((taps - (long)thresholds[channel]) >> 1) + 1, 0, taps + 1) : 1;
            for (var plane = 0; plane < planes; plane++)
            {
                limits[(channel / 32 * planes) + plane] |= (uint)((limit >> plane) & 1) << (channel % 32);
            }
        }

        return limits;
    }

    private void StoreSums(BinaryConvolutionNode node)
    {
        var shape = _graph.ShapeOf(node.Name);
        var sums = SumsOfPixel([(node, 0)]);
        var output = NewValue(node);
        Step(node.Name, output, sums.Kernels, sums.Tables, WorkOf([(node, 0)], toSigns: false), () => Loop(shape, sums.Lines(Text($"({output.Pointer} + i * {shape.Channels})"))));
    }

    private void Affine(AffineNode node)
    {
        var integers = (IntegerAffine)_integers.Nodes[node.Name];
        var shape = _graph.ShapeOf(node.Name);
        var kind = _graph.ShapeOf(node.Inputs[0]).Kind;
        var parts = kind == ValueKind.Sums ? Parts(node.Inputs[0]) : null;
        var sums = parts is null ? null : SumsOfPixel(parts);
        // Sums that are stored are no numbers; what else is read, the shortcut included, is.
        var sumsInput = parts is null && kind == ValueKind.Sums ? Read(node.Inputs[0]) : null;
        var numbers = ReadNumbers(TypeOf(node.Name), kind == ValueKind.Real ? node.Inputs : node.Inputs.Skip(1));
        var input = sumsInput ?? (parts is null ? numbers.Values[0] : null);
        var shortcut = node.Inputs.Count > 1 ? numbers.Values[^1] : null;
        var output = NewValue(node);
        var scratch = parts is null ? null : Scratch(Sums, shape.Channels);
        ReusePlace(output, parts is null && kind == ValueKind.Real ? [.. node.Inputs] : [.. node.Inputs.Skip(1)]);

        string[] tables =
        [
            Tables.Add(CType.Int16, integers.Multiplier.Span),
            Tables.Add(CType.Int32, integers.Bias.Span),
            .. integers.Slope is { } slope ? [Tables.Add(CType.Int16, slope.Span)] : (string[])[],
            .. integers.Offset is { } offset ? [Tables.Add(CType.Int16, offset.Span)] : (string[])[],
        ];
        var shortcutShift = shortcut is null ? 0 : Math.Min(15, _exponents[node.Inputs[1]] - _exponents[node.Name]);
        var layer = Layer("nn_affine", Text(
            $"{shape.Channels}, {integers.RightShift}, {shortcutShift}, {integers.SlopeShift ?? 0}, {tables[0]}, {tables[1]}, {(integers.Slope is null ? "0" : tables[2])}, {(integers.Offset is null ? "0" : tables[^1])}"));
        var kernel = kind == ValueKind.Sums ? "affine_sums" : "affine_numbers";
        var function = kernel + numbers.Suffix;
        var work = WorkOf(parts ?? [], toSigns: false);
        numbers.AddTo(work);
        work.AddAffine(kernel, (long)shape.Height * shape.Width, shape.Channels, shortcut is not null, shortcutShift > 0, integers.Slope is not null, integers.Offset is not null);
        var title = string.Join(" + ", [.. (parts ?? []).Select(part => part.Node.Name), node.Name]);
        Step(title, output, [.. sums?.Kernels ?? [], .. numbers.Kernels, function], [.. sums?.Tables ?? [], .. tables], work, () => [.. numbers.Lines, .. Loop(shape,
        [
            .. sums?.Lines(scratch!.Pointer) ?? [],
            $"nn_{function}(&{layer}, {(scratch is null ? AtPixel(input!) : scratch.Pointer)}, {(shortcut is null ? "0" : AtPixel(shortcut))}, {AtPixel(output)});",
        ])]);

        string AtPixel(CValue value) => Text($"{value.Pointer} + i * {shape.Channels}");
    }

    /// <summary>The calls that compute the sums of one pixel (y, x); what they read is alive in the next step.</summary>
    private PixelSums SumsOfPixel(IReadOnlyList<(BinaryConvolutionNode Node, int First)> parts)
    {
        var layers = parts.Select(part => BinaryLayer(part.Node.Weights, part.Node.Geometry, part.Node)).ToArray();
        var inputs = parts.Select(part => Read(part.Node.Inputs[0])).ToArray();
        var dense = parts.Where(part => !part.Node.Weights.Depthwise).ToArray();
        var patch = dense.Length == 0 ? null : Scratch(CType.Word, dense.Max(part => (long)part.Node.Geometry.Taps * CValue.WordsOf(part.Node.Weights.InChannels)));
        return new PixelSums(
            [.. parts.Select(part => part.Node.Weights.Depthwise ? "binary_depthwise" : "binary_dense").Distinct()],
            [.. layers.Select(layer => layer.Weight)],
            sums => parts.Select((part, i) => part.Node.Weights.Depthwise
                ? Text($"nn_binary_pixel_depthwise(&{layers[i].Layer}, {inputs[i].Pointer}, y, x, {sums} + {part.First});")
                : Text($"nn_binary_pixel(&{layers[i].Layer}, {inputs[i].Pointer}, y, x, {sums} + {part.First}, {patch!.Pointer});")));
    }

    private CWork WorkOf(IReadOnlyList<(BinaryConvolutionNode Node, int First)> parts, bool toSigns, int planes = 0)
    {
        var work = new CWork();
        work.Add("loop.call", 1);
        foreach (var (node, _) in parts)
        {
            work.AddBinary(node.Geometry, _graph.ShapeOf(node.Inputs[0]), _graph.ShapeOf(node.Name), node.Weights.Depthwise, planes, toSigns);
        }

        return work;
    }

    private (string Layer, string Weight) BinaryLayer(SignWeights weights, ConvolutionGeometry geometry, GraphNode node)
    {
        var (from, to) = (_graph.ShapeOf(node.Inputs[0]), _graph.ShapeOf(node.Name));
        var words = CValue.WordsOf(from.Channels);
        var weight = Tables.Add(CType.Word, Halves(weights, words));
        return (Layer("nn_binary", Text($"{Window(geometry, from, to)}, {words}, {from.Channels}, {to.Channels}, {weight}")), weight);
    }

    /// <summary>Words of 64 channels as words of 32; the upper half of a last word that no channel reaches is left out.</summary>
    private static uint[] Halves(SignWeights weights, int words)
    {
        var source = weights.Words.Span;
        var blocks = (weights.InChannels + 63) / 64;
        var halves = new uint[source.Length / blocks * words];
        for (var i = 0; i < halves.Length; i++)
        {
            var (row, word) = (i / words, i % words);
            halves[i] = (uint)(source[(row * blocks) + (word / 2)] >> (32 * (word % 2)));
        }

        return halves;
    }

    private static IEnumerable<string> Loop(ValueShape shape, IEnumerable<string> lines) =>
    [
        Text($"for (y = 0, i = 0; y < {shape.Height}; y++) {{"),
        Text($"    for (x = 0; x < {shape.Width}; x++, i++) {{"),
        .. lines.Select(line => $"        {line}"),
        "    }",
        "}",
    ];

    private sealed record PixelSums(IReadOnlyList<string> Kernels, IReadOnlyList<string> Tables, Func<string, IEnumerable<string>> Lines);
}
