using System.Globalization;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;

namespace DcpNas.Embedded;

/// <summary>The step of each type of node, on numbers.</summary>
internal sealed partial class CProgram
{
    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Image()
    {
        var (image, shape) = (_integers.Image, _graph.Input);
        var output = NewValue(ModelGraph.InputName, CType.Int16, shape.Elements);
        var multiplier = Tables.Add(CType.Int16, image.Multiplier.ToArray().AsSpan());
        var bias = Tables.Add(CType.Int32, image.Bias.ToArray().AsSpan());
        Step("image", output, ["image"], [multiplier, bias], CWork.Of("image", ("pixel", shape.Height * shape.Width), ("number", shape.Elements)), () =>
            [Text($"nn_image(pixels, {output.Pointer}, {shape.Height * shape.Width}, {shape.Channels}, {multiplier}, {bias}, {image.RightShift});")]);
    }

    private void Add(GraphNode node)
    {
        switch (node)
        {
            case ConvolutionNode convolution:
                Convolution(convolution, convolution.Geometry, convolution.Depthwise, convolution.Relu);
                break;
            case LinearNode:
                Convolution(node, ConvolutionGeometry.Pointwise, depthwise: false, relu: false);
                break;
            case SignNode sign:
                Sign(sign);
                break;
            case BinaryConvolutionNode { Thresholds: not null } binary:
                BinaryToBits(binary);
                break;
            case BinaryConvolutionNode binary:
                StoreSums(binary);
                break;
            case SignWeightConvolutionNode convolution:
                SignWeights(convolution);
                break;
            case AffineNode affine:
                Affine(affine);
                break;
            case PoolNode pool:
                Pool(pool);
                break;
            case AddNode:
                Sum(node);
                break;
            case ConcatNode:
                Concat(node);
                break;
            case ReluNode:
                Relu(node);
                break;
            case GlobalAverageNode:
                GlobalAverage(node);
                break;
            case IdentityNode:
                _values[node.Name] = _values[node.Inputs[0]];
                break;
            default:
                throw new CodeGenerationException($"Node '{node.Name}' is of type {node.Type}, for which there is no C code. Use a version that knows it.");
        }
    }

    private void Convolution(GraphNode node, ConvolutionGeometry geometry, bool depthwise, bool relu)
    {
        var integers = (IntegerLayer)_integers.Nodes[node.Name];
        var (input, output) = (Read(node.Inputs[0]), NewValue(node));
        var wide = integers.Weight.Span.IndexOfAnyExceptInRange((short)-sbyte.MaxValue, (short)sbyte.MaxValue) >= 0;
        var weight = Tables.Add(wide ? CType.Int16 : CType.Int8, integers.Weight.Span);
        var multiplier = Tables.Add(CType.Int16, integers.Multiplier.Span);
        var bias = Tables.Add(CType.Int32, integers.Bias.Span);
        var (from, to) = (_graph.ShapeOf(node.Inputs[0]), _graph.ShapeOf(node.Name));
        var kind = (depthwise ? "_depthwise" : "") + (wide ? "16" : "");
        var layer = Layer(wide ? "nn_convolution16" : "nn_convolution", Text(
            $"{Window(geometry, from, to)}, {from.Channels}, {to.Channels}, {integers.RightShift}, {(relu ? 1 : 0)}, {weight}, {multiplier}, {bias}"), $"convolve{kind}");
        var work = new CWork();
        work.AddConvolution($"convolution{kind}", geometry, from, to, depthwise, wide);
        Step(node.Name, output, [$"convolution{kind}"], [weight, multiplier, bias], work, () => [$"nn_convolve{kind}(&{layer}, {input.Pointer}, {output.Pointer});"]);
    }

    private void Sign(SignNode node)
    {
        var integers = (IntegerSign)_integers.Nodes[node.Name];
        var (input, output, shape) = (Read(node.Inputs[0]), NewValue(node), _graph.ShapeOf(node.Name));
        var threshold = Tables.Add(CType.Int16, integers.Threshold.Span);
        var rule = Tables.Add(CType.Word, Rules(node.Rules.Span));
        var pixels = (long)shape.Height * shape.Width;
        var work = CWork.Of("sign", ("pixel", pixels), ("word", pixels * CValue.WordsOf(shape.Channels)), ("bit", pixels * shape.Channels));
        Step(node.Name, output, ["sign"], [threshold, rule], work, () =>
            [Text($"nn_sign({input.Pointer}, {output.Pointer}, {shape.Height * shape.Width}, {shape.Channels}, {threshold}, {rule});")]);
    }

    private void SignWeights(SignWeightConvolutionNode node)
    {
        var (input, output) = (Read(node.Inputs[0]), NewValue(node));
        var shift = _exponents[node.Inputs[0]] - _exponents[node.Name];
        var (layer, weight) = BinaryLayer(node.Weights, node.Geometry, node);
        var work = new CWork();
        work.AddSignWeights(node.Geometry, _graph.ShapeOf(node.Inputs[0]), _graph.ShapeOf(node.Name), node.Weights.Depthwise);
        Step(node.Name, output, ["sign_weights"], [weight], work, () =>
            [Text($"nn_sign_weights(&{layer}, {(node.Weights.Depthwise ? 1 : 0)}, {shift}, {input.Pointer}, {output.Pointer});")]);
    }

    private void Pool(PoolNode node)
    {
        var (input, output) = (Read(node.Inputs[0]), NewValue(node));
        var channels = _graph.ShapeOf(node.Name).Channels;
        var kernel = node.IsMaximum ? "max_pool" : "average_pool";
        var layer = Layer("nn_window", Window(node.Geometry, _graph.ShapeOf(node.Inputs[0]), _graph.ShapeOf(node.Name))[1..^1], kernel);
        var work = new CWork();
        work.AddPool(kernel, node.Geometry, _graph.ShapeOf(node.Inputs[0]), _graph.ShapeOf(node.Name));
        Step(node.Name, output, [kernel], [], work, () => [Text($"nn_{kernel}(&{layer}, {channels}, {input.Pointer}, {output.Pointer});")]);
    }

    private void Relu(GraphNode node)
    {
        var (input, output) = (Read(node.Inputs[0]), NewValue(node));
        ReusePlace(output, node.Inputs[0]);
        Step(node.Name, output, ["relu"], [], CWork.Of("relu", ("number", output.Elements)), () => [Text($"nn_relu({input.Pointer}, {output.Pointer}, {output.Elements});")]);
    }

    private void GlobalAverage(GraphNode node)
    {
        var integers = (IntegerAverage)_integers.Nodes[node.Name];
        var (input, output, shape) = (Read(node.Inputs[0]), NewValue(node), _graph.ShapeOf(node.Inputs[0]));
        var work = CWork.Of("global_average", ("channel", shape.Channels), ("number", (long)shape.Height * shape.Width * shape.Channels));
        Step(node.Name, output, ["global_average"], [], work, () =>
            [Text($"nn_global_average({shape.Height * shape.Width}, {shape.Channels}, {integers.Multiplier}, {integers.RightShift}, {input.Pointer}, {output.Pointer});")]);
    }

    private void Sum(GraphNode node)
    {
        var inputs = node.Inputs.Select(Read).ToArray();
        var output = NewValue(node);
        var shifts = node.Inputs.Select(input => _exponents[input] - _exponents[node.Name]).ToArray();
        ReusePlace(output, [.. node.Inputs.Take(2).Where(name => node.Inputs.Count(other => _values[other].Buffer == _values[name].Buffer) == 1)]);
        var terms = int.Max(1, inputs.Length - 1); // calls
        var shifted = shifts.Count(shift => shift > 0);
        var work = CWork.Of(inputs.Length > 1 ? "add" : "scale", ("number", terms * output.Elements), ("shifted", shifted * output.Elements));
        Step(node.Name, output, [inputs.Length > 1 ? "add" : "scale"], [], work, () => inputs.Length == 1
            ? [Text($"nn_scale({inputs[0].Pointer}, {shifts[0]}, {output.Pointer}, {output.Elements});")]
            : inputs.Skip(1).Select((input, i) => i == 0
                ? Text($"nn_add({inputs[0].Pointer}, {shifts[0]}, {input.Pointer}, {shifts[1]}, {output.Pointer}, {output.Elements});")
                : Text($"nn_add({output.Pointer}, 0, {input.Pointer}, {shifts[i + 1]}, {output.Pointer}, {output.Elements});")));
    }

    private void Concat(GraphNode node)
    {
        var inputs = node.Inputs.Select(Read).ToArray();
        var (output, shape) = (NewValue(node), _graph.ShapeOf(node.Name));
        var channels = node.Inputs.Select(input => _graph.ShapeOf(input).Channels).ToArray();
        var pixels = shape.Height * shape.Width;
        var kernel = shape.Kind switch { ValueKind.Real => "concat_numbers", ValueKind.Sums => "concat_sums", _ => "concat_bits" };
        var work = new CWork();
        work.Add($"{kernel}.call", inputs.Length);
        work.Add($"{kernel}.pixel", (long)pixels * inputs.Length);
        work.Add($"{kernel}.{(kernel == "concat_bits" ? "word" : "number")}", kernel == "concat_bits" ? (long)pixels * channels.Sum(CValue.WordsOf) : (long)pixels * shape.Channels);
        if (kernel == "concat_numbers")
        {
            work.Add($"{kernel}.shifted", node.Inputs.Zip(channels).Where(part => _exponents[part.First] > _exponents[node.Name]).Sum(part => (long)pixels * part.Second));
        }

        Step(node.Name, output, [kernel], [], work, Lines);

        IEnumerable<string> Lines()
        {
            for (var (i, first) = (0, 0); i < inputs.Length; first += channels[i++])
            {
                yield return shape.Kind switch
                {
                    ValueKind.Real => Text(
                        $"nn_concat_numbers({inputs[i].Pointer}, {channels[i]}, {_exponents[node.Inputs[i]] - _exponents[node.Name]}, {output.Pointer} + {first}, {shape.Channels}, {pixels});"),
                    ValueKind.Sums => Text($"nn_concat_sums({inputs[i].Pointer}, {channels[i]}, {output.Pointer} + {first}, {shape.Channels}, {pixels});"),
                    _ => Text($"nn_concat_bits({inputs[i].Pointer}, {channels[i]}, {first}, {output.Pointer}, {shape.Channels}, {pixels});"),
                };
            }
        }
    }

    private void Step(string title, CValue output, IReadOnlyList<string> kernels, IReadOnlyList<string> tables, CWork work, Func<IEnumerable<string>> lines) =>
        _steps.Add(new CStep(title, output, kernels, tables, work, lines));

    /// <summary>Defines a constant structure and gives its identifier.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="fields">Its values.</param>
    /// <param name="function">The function that is called with it alone, outside of loops; null where it is called in the loop over pixels.</param>
    private string Layer(string type, string fields, string? function = null)
    {
        var name = Text($"nn_layer{_layers.Count}");
        _layerBytes.Add((function ?? type, function is not null, type switch { "nn_window" => 16, "nn_affine" => 24, "nn_binary" => 28, _ => 36 })); // of 16-bit numbers and pointers: see the files of C
        _layers.Add($"static const {type} {name} = {{{fields}}};");
        return name;
    }

    private static string Window(ConvolutionGeometry geometry, ValueShape from, ValueShape to) => Text(
        $"{{{from.Height}, {from.Width}, {to.Height}, {to.Width}, {geometry.Kernel}, {geometry.Stride}, {geometry.Dilation}, {geometry.Offset - geometry.Padding}}}");

    /// <summary>Channels whose rule is the opposite one, as bits.</summary>
    private static uint[] Rules(ReadOnlySpan<ThresholdRule> rules)
    {
        var words = new uint[CValue.WordsOf(rules.Length)];
        for (var i = 0; i < rules.Length; i++)
        {
            words[i / 32] |= rules[i] == ThresholdRule.NotBelow ? 1u << (i % 32) : 0;
        }

        return words;
    }
}
