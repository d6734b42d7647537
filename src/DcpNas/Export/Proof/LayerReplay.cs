using System.Globalization;
using DcpNas.Binarization;
using DcpNas.Operators.Kernels;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using static TorchSharp.torch;
using Convolution = DcpNas.Operators.Convolution;

namespace DcpNas.Export;

/// <summary>Compares every 1-bit layer of a network with its node in a packed model while <see cref="ReferenceNetwork"/> runs on one image.</summary>
/// <remarks>
/// The reference says its 1-bit convolutions and its signs in the order in which they run, which is that of the nodes. Where bits of real numbers differ
/// by a rounding error, it goes on with the bits of the model, so that everything behind them is compared exactly.
/// </remarks>
internal sealed class LayerReplay : IDisposable
{
    /// <summary>How far, as a share of the largest number of its map, a real number in float32 may be from the same in float64.</summary>
    public const double RealTolerance = 1e-5;

    private readonly BinaryConvolution[] _layers;
    private readonly GraphNode[] _convolutions;
    private readonly GraphNode[] _signs;
    private readonly PackedValues _values;
    private long _image;
    private int _nextConvolution;
    private int _nextSign;
    private Tensor? _lastSums;

    /// <param name="layers">The 1-bit layers of the trained network, in the order in which they run.</param>
    /// <param name="runner">Has run the image that the reference will run, and keeps its values.</param>
    public LayerReplay(IEnumerable<ConvolutionLayer> layers, PackedRunner runner)
    {
        _layers = [.. layers.Cast<BinaryConvolution>()];
        var nodes = runner.Model.Graph.Nodes;
        _convolutions = [.. nodes.Where(node => node is BinaryConvolutionNode or SignWeightConvolutionNode)];
        _signs = [.. nodes.Where(node => node is SignNode or BinaryConvolutionNode { Thresholds: not null })];
        _values = new PackedValues(runner);
    }

    /// <summary>Sums that were equal so far.</summary>
    public long EqualSums { get; private set; }

    /// <summary>Bits of sums that were equal so far.</summary>
    public long EqualSumSigns { get; private set; }

    /// <summary>Bits of reals that were equal so far, ties included.</summary>
    public long EqualRealSigns { get; private set; }

    /// <summary>Bits of reals that a rounding error decides.</summary>
    public long RoundingTies { get; private set; }

    /// <summary>Compares the signs of all weights.</summary>
    /// <returns>How many there are.</returns>
    public long CompareWeights()
    {
        if (_convolutions.Length != _layers.Length)
        {
            throw new ExportMismatchException("the graph", "its 1-bit convolutions", $"{_layers.Length}", $"{_convolutions.Length}");
        }

        return _layers.Zip(_convolutions, CompareWeights).Sum();
    }

    /// <summary>Goes to the first layer again.</summary>
    /// <param name="image">The number of the image, for messages.</param>
    public void Start(long image)
    {
        Dispose();
        (_image, _nextConvolution, _nextSign) = (image, 0, 0);
    }

    /// <summary>Fails if the network has not come to every layer.</summary>
    public void Finish()
    {
        if (_nextConvolution != _convolutions.Length || _nextSign != _signs.Length)
        {
            throw new ExportMismatchException(
                "the graph", $"image {_image}, its end", $"{_nextConvolution} 1-bit convolutions and {_nextSign} signs", $"{_convolutions.Length} and {_signs.Length}");
        }
    }

    /// <summary>The signs that the reference goes on with, ±1, of the shape of the values.</summary>
    /// <param name="values">Activations before their sign, float64.</param>
    public Tensor Signs(Tensor values)
    {
        using var scope = NewDisposeScope();
        var node = _nextSign < _signs.Length ? _signs[_nextSign++] : throw new ExportMismatchException("the graph", $"image {_image}", $"more than {_signs.Length} signs", $"{_signs.Length}");
        var packed = _values.Read(node.Name);
        CheckShape(node, values, packed);
        var expected = values.ge(0).to(ScalarType.Float64).mul_(2).sub_(1); // sign(0) = +1; NaN differs from everything below
        var different = expected.ne(packed).logical_or_(values.isnan());
        if (different.any().item<bool>())
        {
            if (node is SignNode sign)
            {
                RoundingTies += CountTies(sign, values, different);
            }
            else
            {
                FailAtThreshold((BinaryConvolutionNode)node, values, different);
            }
        }

        if (node is SignNode)
        {
            EqualRealSigns += packed.numel();
        }
        else
        {
            EqualSumSigns += packed.numel();
        }

        return packed.MoveToOuterDisposeScope();
    }

    /// <summary>The result of a 1-bit convolution: exact sums, times the float32 scale of the trained network.</summary>
    /// <param name="layer">That of the trained network.</param>
    /// <param name="input"><c>[1, C, H, W]</c>, float64.</param>
    public Tensor Sums(BinaryConvolution layer, Tensor input)
    {
        if (_nextConvolution == _layers.Length || layer != _layers[_nextConvolution])
        {
            throw new InvalidOperationException("Bug in DcpNas: 1-bit layers are not replayed in the order in which they run.");
        }

        using var scope = NewDisposeScope();
        var beta = layer.Beta().detach().cpu().to(ScalarType.Float64).view(1, -1, 1, 1);
        var signs = Sign.Hard(layer.Weight).cpu();
        var node = _convolutions[_nextConvolution++];
        var sums = node is BinaryConvolutionNode
            ? Whole(layer.Shape, input, signs)
            : ReferenceNetwork.Convolve(layer.Shape, input, signs.to(ScalarType.Float64));
        if (node is BinaryConvolutionNode { Thresholds: null } counts)
        {
            CompareSums(counts, sums);
        }

        Dispose();
        _lastSums = sums.alias().DetachFromDisposeScope();
        return (sums * beta).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the sums of the last convolution.</summary>
    public void Dispose()
    {
        _lastSums?.Dispose();
        _lastSums = null;
    }

    /// <summary>The sums of ±1 products, exact: in float32 up to 2^24 by the operators of the training, larger filters in float64.</summary>
    private static Tensor Whole(ConvolutionShape shape, Tensor input, Tensor signs)
    {
        using var scope = NewDisposeScope();
        var single = Dense.ToChannelsLast(input.to(ScalarType.Float32));
        var sums = shape.Depthwise ? Convolution.Depthwise(single, signs, shape.Stride, shape.Dilation)
            : shape.Kernel == 1 ? Convolution.Pointwise(single, signs, shape.Stride)
            : ReferenceNetwork.Convolve(shape, input, signs.to(ScalarType.Float64)); // in float32, libtorch would complain of NNPACK on every call
        return sums.to(ScalarType.Float64).MoveToOuterDisposeScope();
    }

    private void CompareSums(BinaryConvolutionNode node, Tensor sums)
    {
        var packed = _values.Read(node.Name);
        if (node.Geometry is { Kernel: 1, Offset: > 1 })
        {
            // Where an odd map is halved, the network adds the zeros beyond its border behind the convolution, the model within.
            sums = nn.functional.pad(sums, [0, packed.shape[3] - sums.shape[3], 0, packed.shape[2] - sums.shape[2]]);
        }

        CheckShape(node, sums, packed);
        var different = sums.ne(packed);
        if (different.any().item<bool>())
        {
            var place = FirstOf(different);
            throw new ExportMismatchException(node.Name, PlaceOf(place), $"the sum {NumberAt(sums, place)}", $"{NumberAt(packed, place)}");
        }

        EqualSums += sums.numel();
    }

    /// <summary>Of the bits that differ, all have to be of numbers as near to their threshold as float32 can be wrong.</summary>
    private long CountTies(SignNode node, Tensor values, Tensor different)
    {
        var reals = _values.Read(node.Inputs[0]);
        var thresholds = tensor(node.Thresholds.ToArray(), ScalarType.Float64).view(1, -1, 1, 1);
        var size = maximum(thresholds.abs(), reals.abs().max());
        var near = (reals - thresholds).abs().le(size * RealTolerance).logical_and_(thresholds.isfinite()).logical_and_(values.isfinite());
        var wrong = different.logical_and(near.logical_not());
        if (wrong.any().item<bool>())
        {
            var place = FirstOf(wrong);
            throw new ExportMismatchException(
                node.Name,
                PlaceOf(place),
                $"the sign of {NumberAt(values, place)}",
                $"the sign of {NumberAt(reals, place)}, {node.Rules.Span[(int)place[1]]} {node.Thresholds.Span[(int)place[1]].ToString("R", CultureInfo.InvariantCulture)}");
        }

        return different.sum().item<long>();
    }

    private void FailAtThreshold(BinaryConvolutionNode node, Tensor values, Tensor different)
    {
        var place = FirstOf(different);
        var channel = (int)place[1];
        throw new ExportMismatchException(
            node.Name,
            PlaceOf(place),
            $"the sign of {NumberAt(values, place)}, which belongs to the sum {NumberAt(_lastSums!, place)}",
            $"the opposite by the rule '{node.Rules!.Value.Span[channel]} {node.Thresholds!.Value.Span[channel]}'");
    }

    private static long CompareWeights(BinaryConvolution layer, GraphNode node)
    {
        var packed = node is BinaryConvolutionNode bits ? bits.Weights : ((SignWeightConvolutionNode)node).Weights;
        var (shape, latent) = (layer.Shape, NetworkParameters.Numbers(node.Name, layer.Weight));
        if (packed.Count != latent.Length || packed.OutChannels != shape.OutChannels || packed.Kernel != shape.Kernel)
        {
            throw new ExportMismatchException(node.Name, "its weights", $"{latent.Length} weights of {shape.OutChannels} filters", $"{packed.Count} of {packed.OutChannels}");
        }

        var (taps, inputs) = (shape.Kernel * shape.Kernel, shape.Depthwise ? 1 : shape.InChannels);
        for (var i = 0; i < latent.Length; i++)
        {
            var (output, input, tap) = (i / taps / inputs, i / taps % inputs, i % taps);
            if (latent[i] < 0 != packed[output, input, tap / shape.Kernel, tap % shape.Kernel] < 0)
            {
                throw new ExportMismatchException(node.Name, $"filter {output}, input channel {input}, tap {tap}", $"the sign of {latent[i]}", "the opposite");
            }
        }

        return latent.Length;
    }

    private void CheckShape(GraphNode node, Tensor expected, Tensor found)
    {
        if (!expected.shape.AsSpan().SequenceEqual(found.shape))
        {
            throw new ExportMismatchException(node.Name, $"image {_image}", $"a map of shape [{string.Join(", ", expected.shape)}]", $"[{string.Join(", ", found.shape)}]");
        }
    }

    private string PlaceOf(long[] place) => $"image {_image}, channel {place[1]}, row {place[2]}, column {place[3]}";

    private static long[] FirstOf(Tensor mask)
    {
        using var scope = NewDisposeScope();
        return mask.nonzero()[0].data<long>().ToArray();
    }

    private static string NumberAt(Tensor values, long[] place) => values[place[0], place[1], place[2], place[3]].item<double>().ToString("R", CultureInfo.InvariantCulture);
}
