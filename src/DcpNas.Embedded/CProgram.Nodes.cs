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
        var numbers = ReadNumbers(CType.Int16, node.Inputs[0]); // it may make 8-bit numbers, but reads 16-bit ones alone
        var (input, output) = (numbers.Values[0], NewValue(node));
        var suffix = output.Type == CType.Int8 ? "_to8" : "";
        var wide = integers.Weight.Span.IndexOfAnyExceptInRange((short)-sbyte.MaxValue, (short)sbyte.MaxValue) >= 0;
        var weight = Tables.Add(wide ? CType.Int16 : CType.Int8, integers.Weight.Span);
        var multiplier = Tables.Add(CType.Int16, integers.Multiplier.Span);
        var bias = Tables.Add(CType.Int32, integers.Bias.Span);
        var (from, to) = (_graph.ShapeOf(node.Inputs[0]), _graph.ShapeOf(node.Name));
        var kind = (depthwise ? "_depthwise" : "") + (wide ? "16" : "");
        var layer = Layer(wide ? "nn_convolution16" : "nn_convolution", Text(
            $"{Window(geometry, from, to)}, {from.Channels}, {to.Channels}, {integers.RightShift}, {(relu ? 1 : 0)}, {weight}, {multiplier}, {bias}"), $"convolve{kind}{suffix}");
        var work = new CWork();
        work.AddConvolution($"convolution{kind}", geometry, from, to, depthwise, wide);
        numbers.AddTo(work);
        Step(node.Name, output, [.. numbers.Kernels, $"convolution{kind}{suffix}"], [weight, multiplier, bias], work, () =>
            [.. numbers.Lines, $"nn_convolve{kind}{suffix}(&{layer}, {input.Pointer}, {output.Pointer});"]);
    }

    private void Sign(SignNode node)
    {
        var integers = (IntegerSign)_integers.Nodes[node.Name];
        var (input, output, shape) = (Read(node.Inputs[0]), NewValue(node), _graph.ShapeOf(node.Name));
        var threshold = Tables.Add(CType.Int16, integers.Threshold.Span);
        var rule = Tables.Add(CType.Word, Rules(node.Rules.Span));
        var pixels = (long)shape.Height * shape.Width;
        var work = CWork.Of("sign", ("pixel", pixels), ("word", pixels * CValue.WordsOf(shape.Channels)), ("bit", pixels * shape.Channels));
        var kernel = input.Type == CType.Int8 ? "sign8" : "sign";
        Step(node.Name, output, [kernel], [threshold, rule], work, () =>
            [Text($"nn_{kernel}({input.Pointer}, {output.Pointer}, {shape.Height * shape.Width}, {shape.Channels}, {threshold}, {rule});")]);
    }

    private void SignWeights(SignWeightConvolutionNode node)
    {
        var numbers = ReadNumbers(CType.Int16, node.Inputs[0]);
        var (input, output) = (numbers.Values[0], NewValue(node));
        var shift = _exponents[node.Inputs[0]] - _exponents[node.Name];
        var (layer, weight) = BinaryLayer(node.Weights, node.Geometry, node);
        var work = new CWork();
        work.AddSignWeights(node.Geometry, _graph.ShapeOf(node.Inputs[0]), _graph.ShapeOf(node.Name), node.Weights.Depthwise);
        numbers.AddTo(work);
        Step(node.Name, output, [.. numbers.Kernels, "sign_weights"], [weight], work, () =>
            [.. numbers.Lines, Text($"nn_sign_weights(&{layer}, {(node.Weights.Depthwise ? 1 : 0)}, {shift}, {input.Pointer}, {output.Pointer});")]);
    }

    private void Pool(PoolNode node)
    {
        var (input, output) = (Read(node.Inputs[0]), NewValue(node));
        var channels = _graph.ShapeOf(node.Name).Channels;
        var kernel = node.IsMaximum ? "max_pool" : "average_pool";
        var function = kernel + (output.Type == CType.Int8 ? "8" : "");
        var layer = Layer("nn_window", Window(node.Geometry, _graph.ShapeOf(node.Inputs[0]), _graph.ShapeOf(node.Name))[1..^1], function);
        var work = new CWork();
        work.AddPool(kernel, node.Geometry, _graph.ShapeOf(node.Inputs[0]), _graph.ShapeOf(node.Name));
        Step(node.Name, output, [function], [], work, () => [Text($"nn_{function}(&{layer}, {channels}, {input.Pointer}, {output.Pointer});")]);
    }

    private void Relu(GraphNode node)
    {
        var (input, output) = (Read(node.Inputs[0]), NewValue(node));
        ReusePlace(output, node.Inputs[0]);
        var kernel = output.Type == CType.Int8 ? "relu8" : "relu";
        Step(node.Name, output, [kernel], [], CWork.Of("relu", ("number", output.Elements)), () => [Text($"nn_{kernel}({input.Pointer}, {output.Pointer}, {output.Elements});")]);
    }

    private void GlobalAverage(GraphNode node)
    {
        var integers = (IntegerAverage)_integers.Nodes[node.Name];
        var numbers = ReadNumbers(CType.Int16, node.Inputs[0]);
        var (input, output, shape) = (numbers.Values[0], NewValue(node), _graph.ShapeOf(node.Inputs[0]));
        var work = CWork.Of("global_average", ("channel", shape.Channels), ("number", (long)shape.Height * shape.Width * shape.Channels));
        numbers.AddTo(work);
        Step(node.Name, output, [.. numbers.Kernels, "global_average"], [], work, () =>
            [.. numbers.Lines, Text($"nn_global_average({shape.Height * shape.Width}, {shape.Channels}, {integers.Multiplier}, {integers.RightShift}, {input.Pointer}, {output.Pointer});")]);
    }

    private void Sum(GraphNode node)
    {
        // Of three terms or more the sums in between have 16 bits, whatever the last one has.
        var isLong = node.Inputs.Count > 2;
        var numbers = ReadNumbers(isLong && TypeOf(node.Name) == CType.Int8 ? CType.Int16 : TypeOf(node.Name), node.Inputs);
        var inputs = numbers.Values;
        var output = NewValue(node);
        var between = isLong && output.Type == CType.Int8 ? Scratch(CType.Int16, output.Elements) : output;
        var shifts = node.Inputs.Select(input => _exponents[input] - _exponents[node.Name]).ToArray();
        ReusePlace(output, [.. node.Inputs.Take(2).Where(name => node.Inputs.Count(other => _values[other].Buffer == _values[name].Buffer) == 1)]);
        var terms = int.Max(1, inputs.Count - 1); // calls
        var shifted = shifts.Count(shift => shift > 0);
        var work = CWork.Of(inputs.Count > 1 ? "add" : "scale", ("number", terms * output.Elements), ("shifted", shifted * output.Elements));
        numbers.AddTo(work);
        var kernel = (inputs.Count > 1 ? "add" : "scale") + numbers.Suffix;
        var last = between == output ? kernel : "add_to8";
        Step(node.Name, output, [.. numbers.Kernels, kernel, last], [], work, () => [.. numbers.Lines, .. inputs.Count == 1
            ? [Text($"nn_{kernel}({inputs[0].Pointer}, {shifts[0]}, {output.Pointer}, {output.Elements});")]
            : inputs.Skip(1).Select((input, i) =>
            {
                var (function, target) = i + 2 == inputs.Count ? (last, output) : (kernel, between);
                return i == 0
                    ? Text($"nn_{function}({inputs[0].Pointer}, {shifts[0]}, {input.Pointer}, {shifts[1]}, {target.Pointer}, {output.Elements});")
                    : Text($"nn_{function}({between.Pointer}, 0, {input.Pointer}, {shifts[i + 1]}, {target.Pointer}, {output.Elements});");
            })]);
    }

    private void Concat(GraphNode node)
    {
        var shape = _graph.ShapeOf(node.Name);
        // Each input has a call of its own, so each has a kernel of its own.
        var numbers = node.Inputs.Select(name => shape.Kind == ValueKind.Real ? ReadNumbers(TypeOf(node.Name), name) : new Numbers([Read(name)], [], "")).ToArray();
        CValue[] inputs = [.. numbers.Select(part => part.Values[0])];
        var output = NewValue(node);
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

        foreach (var part in numbers)
        {
            part.AddTo(work);
        }

        Step(node.Name, output, [.. numbers.SelectMany(part => part.Kernels.Append(kernel + part.Suffix)).Distinct()], [], work, () => [.. numbers.SelectMany(part => part.Lines), .. Lines()]);

        IEnumerable<string> Lines()
        {
            for (var (i, first) = (0, 0); i < inputs.Length; first += channels[i++])
            {
                yield return shape.Kind switch
                {
                    ValueKind.Real => Text(
                        $"nn_{kernel}{numbers[i].Suffix}({inputs[i].Pointer}, {channels[i]}, {_exponents[node.Inputs[i]] - _exponents[node.Name]}, {output.Pointer} + {first}, {shape.Channels}, {pixels});"),
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
