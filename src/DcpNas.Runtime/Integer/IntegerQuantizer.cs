using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>Makes the integers of a model from the exponents at which its numbers fit 16 bits.</summary>
/// <remarks>All arithmetic is in double precision, rounded to the nearest. Where a limit of the format does not allow an exponent the next lower one is taken.</remarks>
internal sealed class IntegerQuantizer
{
    // What fits 16 bits twice fits 8 bits once: of so few bits none is kept for numbers that were not seen.
    private const int NarrowShift = 7;

    private readonly ModelGraph _graph;
    private readonly IReadOnlyDictionary<string, int> _wanted;
    private readonly Dictionary<string, int> _exponents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _narrow;

    private IntegerQuantizer(ModelGraph graph, IReadOnlyDictionary<string, int> wanted, int bits)
    {
        (_graph, _wanted) = (graph, wanted);
        // What the caller gets, and what gives it another name, stays wide.
        var results = graph.Outputs.Select(output => output.Value).ToHashSet(StringComparer.Ordinal);
        foreach (var node in graph.Nodes.Reverse().Where(node => node is IdentityNode && results.Contains(node.Name)))
        {
            results.Add(node.Inputs[0]);
        }

        _narrow = bits == IntegerNode.WideBits ? [] : [.. graph.Nodes.Where(node => IntegerNode.MayBeNarrow(node) && !results.Contains(node.Name)).Select(node => node.Name)];
    }

    /// <summary>Makes the integers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="wanted">By node, the largest exponent at which its numbers fit.</param>
    /// <param name="bits">Bits of the numbers that layers hand on to each other: 16, or 8.</param>
    /// <returns>The image and the nodes.</returns>
    /// <exception cref="PackedModelException">A node has no integers; the message names it and what to do.</exception>
    public static (IntegerImage Image, IReadOnlyDictionary<string, IntegerNode> Nodes) Quantize(PackedModel model, IReadOnlyDictionary<string, int> wanted, int bits)
    {
        var preprocessing = model.Info.Preprocessing ?? throw new PackedModelException(
            "The model has no preprocessing, so it does not say what 8-bit pixels are, and has no integer mode. Give it a preprocessing, or export it without --integer.");
        var quantizer = new IntegerQuantizer(model.Graph, wanted, bits);
        var image = quantizer.Image(preprocessing);
        var nodes = new Dictionary<string, IntegerNode>(StringComparer.Ordinal);
        foreach (var node in model.Graph.Nodes)
        {
            if (IntegerNode.BelongsTo(node, model.Graph))
            {
                nodes.Add(node.Name, quantizer._narrow.Contains(node.Name) ? quantizer.Node(node).WithBits(IntegerNode.NarrowBits) : quantizer.Node(node));
            }

            if (model.Graph.ShapeOf(node.Name).Kind == ValueKind.Real)
            {
                quantizer._exponents.Add(node.Name, nodes.GetValueOrDefault(node.Name)?.Exponent ?? quantizer._exponents[node.Inputs[0]]);
            }
        }

        return (image, nodes);
    }

    private IntegerImage Image(Preprocessing preprocessing)
    {
        for (var exponent = FixedPointInfo.MostExponent; exponent >= FixedPointInfo.LeastExponent; exponent--)
        {
            for (var shift = IntegerInfo.MostShift; shift >= 0; shift--)
            {
                var scale = Math.ScaleB(1, exponent + shift);
                double[] multipliers = [.. preprocessing.StandardDeviation.Select(deviation => Math.Round(scale / (255 * deviation)))];
                double[] biases = [.. preprocessing.Mean.Zip(preprocessing.StandardDeviation, (mean, deviation) => Math.Round(-mean / deviation * scale) + Half(shift))];
                if (multipliers.Any(multiplier => multiplier > short.MaxValue) || biases.Any(bias => Math.Abs(bias) > 1 << 30))
                {
                    continue;
                }

                var image = new IntegerImage(exponent, [.. multipliers.Select(multiplier => (int)multiplier)], [.. biases.Select(bias => (int)bias)], shift);
                if (Fits(image))
                {
                    _exponents[ModelGraph.InputName] = exponent;
                    return image;
                }

                break; // a smaller shift makes the same numbers
            }
        }

        throw new PackedModelException("The preprocessing makes numbers of pixels that 16 bits cannot hold, so the model has no integer mode. Check mean and std, or export it without --integer.");
    }

    private static bool Fits(IntegerImage image)
    {
        try
        {
            image.Check(image.Multiplier.Count);
            return true;
        }
        catch (ModelFaultException)
        {
            return false;
        }
    }

    private IntegerNode Node(GraphNode node) => node switch
    {
        ConvolutionNode convolution => Layer(node, convolution.Weight.Span, (convolution.Bias ?? default).Span, convolution.Depthwise),
        LinearNode linear => Layer(node, linear.Weight.Span, (linear.Bias ?? default).Span, depthwise: false),
        SignNode sign => Sign(sign),
        AffineNode affine => Affine(affine),
        GlobalAverageNode => Average(node),
        SignWeightConvolutionNode convolution => Signed(convolution),
        _ => new IntegerSum(node.Inputs.Aggregate(Wanted(node), (least, input) => int.Min(least, _exponents[input]))),
    };

    private IntegerLayer Layer(GraphNode node, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, bool depthwise)
    {
        var outputs = _graph.ShapeOf(node.Name).Channels;
        // The signs of what reads the image are the most sensitive numbers of the network, and such layers have few weights; so have depthwise ones.
        var most = depthwise || node.Inputs[0] == ModelGraph.InputName ? short.MaxValue : sbyte.MaxValue;
        var (quantized, scales) = IntegerWeights.Quantize(weights, outputs, depthwise, most);
        for (var exponent = Wanted(node); exponent >= FixedPointInfo.LeastExponent; exponent--)
        {
            for (var shift = IntegerInfo.MostShift; shift >= 0; shift--)
            {
                var (multipliers, biases) = (new short[outputs], new int[outputs]);
                var fits = true;
                for (var output = 0; output < outputs && fits; output++)
                {
                    var multiplier = Math.Round(Math.ScaleB(scales[output], exponent - _exponents[node.Inputs[0]] + 16 + shift));
                    var offset = (bias.IsEmpty ? 0 : Math.Round(Math.ScaleB(bias[output], exponent + shift))) + Half(shift);
                    fits = multiplier <= short.MaxValue && Math.Abs(offset) <= 1 << 30;
                    (multipliers[output], biases[output]) = fits ? ((short)multiplier, (int)offset) : default;
                }

                if (fits)
                {
                    return new IntegerLayer(exponent, shift, quantized, multipliers, biases);
                }
            }
        }

        throw Refused(node, "its weights or biases are too large for 16-bit numbers");
    }

    private IntegerAffine Affine(AffineNode node)
    {
        var channels = node.Scale.Length;
        var bound = IntegerAffine.BoundOf(_graph.ShapeOf(node.Inputs[0]));
        var input = _exponents.GetValueOrDefault(node.Inputs[0]); // sums have none: 0
        for (var exponent = node.Inputs.Skip(1).Aggregate(Wanted(node), (least, term) => int.Min(least, _exponents[term])); exponent >= FixedPointInfo.LeastExponent; exponent--)
        {
            for (var shift = IntegerInfo.MostShift; shift >= 0; shift--)
            {
                var (multipliers, biases) = (new short[channels], new int[channels]);
                var fits = true;
                for (var channel = 0; channel < channels && fits; channel++)
                {
                    var multiplier = Math.Round(Math.ScaleB(node.Scale.Span[channel], exponent - input + shift));
                    var bias = Math.Round(Math.ScaleB(node.Bias.Span[channel], exponent + shift)) + Half(shift);
                    fits = Math.Abs(multiplier) <= short.MaxValue && (bound * Math.Abs(multiplier)) + Math.Abs(bias) <= IntegerAffine.Largest;
                    (multipliers[channel], biases[channel]) = fits ? ((short)multiplier, (int)bias) : default;
                }

                if (fits)
                {
                    var (slope, slopeShift) = Slope(node);
                    return new IntegerAffine(exponent, shift, slopeShift, multipliers, biases, slope, Offset(node, exponent));
                }
            }
        }

        throw Refused(node, "its scales or biases are too large for 16-bit numbers");
    }

    private static (ReadOnlyMemory<short>? Slope, int? Shift) Slope(AffineNode node)
    {
        if (node.Slope is not { } slopes)
        {
            return (null, null);
        }

        var steepest = slopes.ToArray().Max(Math.Abs);
        var shift = IntegerAffine.MostSlopeShift;
        while (shift > 0 && Math.Round(Math.ScaleB(steepest, shift)) > short.MaxValue)
        {
            shift--;
        }

        return (slopes.ToArray().Select(slope => Limited(Math.ScaleB(slope, shift))).ToArray(), shift);
    }

    private static ReadOnlyMemory<short>? Offset(AffineNode node, int exponent) =>
        node.Shift is { } shifts ? shifts.ToArray().Select(shift => Limited(Math.ScaleB(shift, exponent))).ToArray() : default(ReadOnlyMemory<short>?);

    private IntegerSum Signed(SignWeightConvolutionNode node)
    {
        if (node.Weights.Terms > IntegerSum.MostTerms)
        {
            throw Refused(node, $"it sums {node.Weights.Terms} numbers, and 32 bits hold {IntegerSum.MostTerms}");
        }

        var input = _exponents[node.Inputs[0]];
        return new IntegerSum(Math.Clamp(Wanted(node), int.Max(FixedPointInfo.LeastExponent, input - IntegerInfo.MostShift), input));
    }

    private IntegerAverage Average(GraphNode node)
    {
        var input = _graph.ShapeOf(node.Inputs[0]);
        var pixels = (long)input.Height * input.Width;
        if (pixels > IntegerAverage.MostPixels)
        {
            throw Refused(node, $"it averages {pixels} pixels, and 32 bits hold the sum of {IntegerAverage.MostPixels}");
        }

        var exponent = Wanted(node);
        int ShiftOf() => (int)Math.Floor(30 - Math.Log2(Math.ScaleB(1.0 / pixels, exponent - _exponents[node.Inputs[0]])));
        while (ShiftOf() < 1 && exponent > FixedPointInfo.LeastExponent)
        {
            exponent--;
        }

        var shift = Math.Clamp(ShiftOf(), 1, IntegerAverage.MostAverageShift);
        var multiplier = Math.Clamp(Math.Round(Math.ScaleB(1.0 / pixels, exponent - _exponents[node.Inputs[0]] + shift)), 1, int.MaxValue);
        return new IntegerAverage(exponent, (int)multiplier, shift);
    }

    private IntegerSign Sign(SignNode node)
    {
        var exponent = _exponents[node.Inputs[0]];
        return new IntegerSign(node.Thresholds.ToArray().Select(threshold => (short)Math.Clamp(Math.Ceiling(Math.ScaleB(threshold, exponent)), short.MinValue, short.MaxValue)).ToArray());
    }

    private int Wanted(GraphNode node) =>
        _wanted.TryGetValue(node.Name, out var exponent) ? _narrow.Contains(node.Name) ? Math.Max(exponent - NarrowShift, FixedPointInfo.LeastExponent) : exponent : throw Refused(node, "its numbers were infinite on the calibration images");

    private static PackedModelException Refused(GraphNode node, string reason) => new(
        $"Node '{node.Name}' ({node.Type}) cannot be computed in integers: {reason}. Change the network there, or export it without --integer.");

    /// <summary>What a shift to the right is given to round halves up.</summary>
    private static double Half(int shift) => shift == 0 ? 0 : 1 << (shift - 1);

    private static short Limited(double value) => (short)Math.Clamp(Math.Round(value), -short.MaxValue, short.MaxValue);
}
