using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;
using static TorchSharp.torch;

namespace DcpNas.Tests.Networks;

/// <summary>
/// The networks once more, written down literally from their descriptions with plain libtorch operations over a table of named tensors; shares no
/// code with the library but the genotype. Counts the multiply-accumulates that it does.
/// </summary>
internal sealed class NaiveNetwork
{
    private readonly Dictionary<string, Tensor> _state;
    private readonly NetworkDescription _description;
    private readonly bool _training;

    public NaiveNetwork(Backbone network, ScalarType type)
    {
        (_description, _training) = (network.Description, network.training);
        _state = network.named_parameters().ToDictionary(named => named.name, named => named.parameter.detach().to(type).clone().requires_grad_());
        foreach (var (name, buffer) in network.named_buffers())
        {
            _state[name] = buffer.detach().to(type).clone();
        }
    }

    public long BinaryMacs { get; private set; }

    public long RealMacs { get; private set; }

    public IReadOnlyDictionary<string, Tensor> State => _state;

    private bool SignsInputs => _description.Scheme == BinarizationScheme.Paper;

    private bool SignsPointwise => _description.Scheme != BinarizationScheme.None;

    public Tensor Features(Tensor images) => LastMap(images.to(_state.Values.First().dtype).contiguous()).mean([2, 3]);

    private Tensor LastMap(Tensor images) => _description.Architecture switch
    {
        "cells" => Cells(images),
        "birealnet18" => BiReal(images, 16, [4, 8, 12]),
        "birealnet20" => BiReal(images, 18, [6, 12]),
        "reactnet_a" => ReAct(images),
        _ => throw new ArgumentException(_description.Architecture),
    };

    private Tensor Cells(Tensor images)
    {
        Tensor older, newer;
        if (_description.Stem != StemKind.ImageNet)
        {
            older = newer = RealUnit(images, "stem.0", _description.Stem == StemKind.Half ? 2 : 1, 1);
        }
        else
        {
            older = RealUnit(RealUnit(images, "stem.0", 2, 1).relu(), "stem.1", 2, 1);
            newer = RealUnit(older.relu(), "stem.2", 2, 1);
        }

        var reducedBefore = _description.Stem == StemKind.ImageNet;
        for (var i = 0; i < _description.Cells; i++)
        {
            var reduces = i == _description.Cells / 3 || i == 2 * _description.Cells / 3;
            var nodes = new List<Tensor>
            {
                Reshape(older, $"cells.{i}.preprocess.0", reducedBefore, true),
                Reshape(newer, $"cells.{i}.preprocess.1", false, true),
            };
            var genotype = reduces ? _description.Genotype!.Reduction : _description.Genotype!.Normal;
            for (var node = 2; node < 6; node++)
            {
                var edges = genotype.Nodes[node - 2];
                nodes.Add(edges.Select(edge =>
                    Operation(nodes[edge.Input], edge.Operation, $"cells.{i}.nodes.{node}.inputs.{edge.Input}", reduces && edge.Input < 2 ? 2 : 1)).Aggregate((a, b) => a + b));
            }

            (older, newer, reducedBefore) = (newer, cat(nodes.Skip(2).ToArray(), 1), reduces);
        }

        return newer;
    }

    private Tensor Operation(Tensor x, string operation, string path, int stride) => operation switch
    {
        "skip_connect" => stride == 1 ? x : Reshape(x, path, true, false),
        "max_pool_3x3" => Norm(nn.functional.max_pool2d(x, 3, stride, 1), $"{path}.norm"),
        "avg_pool_3x3" => Norm(nn.functional.avg_pool2d(x, 3, stride, 1, count_include_pad: false), $"{path}.norm"),
        "sep_conv_3x3" or "sep_conv_5x5" => Block(Block(x, $"{path}.blocks.0", stride, 1), $"{path}.blocks.1", 1, 1),
        "dil_conv_3x3" or "dil_conv_5x5" => Block(x, $"{path}.blocks.0", stride, 2),
        _ => throw new ArgumentException(operation),
    };

    private Tensor Block(Tensor x, string path, int stride, int dilation)
    {
        var value = Norm(x, $"{path}.norm");
        value = SignsInputs ? Sign(value) : value;
        value = Convolve(value, $"{path}.depthwise", stride, dilation, depthwise: true, binary: SignsInputs);
        value = Prelu(Norm(value, $"{path}.inner_norm"), $"{path}.inner_slope");
        value = SignsPointwise ? Sign(value) : value;
        value = Norm(Convolve(value, $"{path}.pointwise", 1, 1, depthwise: false, binary: SignsPointwise), $"{path}.outer_norm");
        return Prelu(stride == 1 ? value + x : value, $"{path}.outer_slope");
    }

    private Tensor Reshape(Tensor x, string path, bool halve, bool activate)
    {
        var value = Norm(x, $"{path}.norm");
        value = SignsInputs ? Sign(value) : value;
        if (halve)
        {
            // One more row and column of zeros, so that the shifted convolution always has its pixel; the first row and column are cut off.
            var even = Convolve(value, $"{path}.even", 2, 1, false, SignsInputs);
            var shifted = nn.functional.pad(value, [0, 1, 0, 1]);
            var odd = Convolve(shifted[.., .., 1.., 1..], $"{path}.odd", 2, 1, false, SignsInputs);
            value = cat([even, odd], 1);
        }
        else
        {
            value = Convolve(value, $"{path}.pointwise", 1, 1, false, SignsInputs);
        }

        value = Norm(value, $"{path}.outer_norm");
        return activate ? Prelu(value, $"{path}.slope") : value;
    }

    private Tensor BiReal(Tensor images, int units, int[] strided)
    {
        var large = _description.Stem == StemKind.ImageNet;
        var value = RealUnit(images, "stem", _description.Stem == StemKind.Cifar ? 1 : 2, large ? 3 : 1);
        value = large ? nn.functional.max_pool2d(value, 3, 2, 1) : value;
        for (var i = 0; i < units; i++)
        {
            var stride = strided.Contains(i) ? 2 : 1;
            var sums = Convolve(SignsInputs ? Sign(value) : value.clamp(-1, 1), $"units.{i}.convolution", stride, 1, false, SignsInputs);
            var shortcut = stride == 1 ? value : RealUnit(nn.functional.avg_pool2d(value, 2, 2, ceil_mode: true, count_include_pad: false), $"units.{i}.shortcut", 1, 0);
            value = Norm(sums, $"units.{i}.norm") + shortcut;
        }

        return value;
    }

    private Tensor ReAct(Tensor images)
    {
        var value = RealUnit(images, "stem", _description.Stem == StemKind.Cifar ? 1 : 2, 1);
        for (var i = 0; i < 13; i++)
        {
            value = ReActHalf(value, $"blocks.{i}.spatial", i is 1 or 3 or 5 or 11 ? 2 : 1, twice: false);
            value = ReActHalf(value, $"blocks.{i}.pointwise", 1, twice: i is 0 or 1 or 3 or 5 or 11);
        }

        return value;
    }

    private Tensor ReActHalf(Tensor x, string path, int stride, bool twice)
    {
        var shifted = x + Channel($"{path}.shift");
        var sums = Convolve(SignsInputs ? Sign(shifted) : shifted, $"{path}.convolution", stride, 1, false, SignsInputs);
        var shortcut = stride == 1 ? x : nn.functional.avg_pool2d(x, 2, 2, ceil_mode: true, count_include_pad: false);
        var value = Norm(sums, $"{path}.norm") + (twice ? cat([shortcut, shortcut], 1) : shortcut);
        return Prelu(value + Channel($"{path}.before"), $"{path}.slope") + Channel($"{path}.after");
    }

    private Tensor RealUnit(Tensor x, string path, int stride, int padding)
    {
        var weight = _state[$"{path}.convolution.weight"];
        var value = nn.functional.conv2d(x, weight, strides: [stride, stride], padding: [padding, padding]);
        RealMacs += weight.numel() * value.shape[2] * value.shape[3];
        return Norm(value, $"{path}.norm");
    }

    private Tensor Convolve(Tensor x, string path, int stride, int dilation, bool depthwise, bool binary)
    {
        var latent = _state[$"{path}.weight"];
        var isBinary = _description.Scheme != BinarizationScheme.None && !_description.RealWeights;
        var weight = isBinary ? Scale(path, latent) * Through(latent.ge(0).to(latent.dtype) * 2 - 1, latent.clamp(-1, 1)) : latent;
        var padding = dilation * (weight.shape[2] - 1) / 2;
        var value = nn.functional.conv2d(
            x, weight, strides: [stride, stride], padding: [padding, padding], dilation: [dilation, dilation], groups: depthwise ? x.shape[1] : 1);
        var macs = weight.numel() * value.shape[2] * value.shape[3];
        (BinaryMacs, RealMacs) = binary ? (BinaryMacs + macs, RealMacs) : (BinaryMacs, RealMacs + macs);
        return value;
    }

    private Tensor Scale(string path, Tensor latent) => _description.Scale == ScaleKind.Learnable
        ? (1 + _state[$"{path}.rho"].exp()).log()
        : latent.detach().abs().flatten(1).mean([1]).view(-1, 1, 1, 1);

    private Tensor Sign(Tensor x)
    {
        var clipped = x.clamp(-1, 1);
        var hard = x.detach().ge(0).to(x.dtype) * 2 - 1;
        return Through(hard, _description.ActivationGradient == SignEstimator.BiReal ? (2 * clipped) - (clipped * clipped.abs()) : clipped);
    }

    /// <summary>The first value, the second derivative.</summary>
    private static Tensor Through(Tensor value, Tensor derivative) => value.detach() + (derivative - derivative.detach());

    private Tensor Prelu(Tensor x, string slope) => x.clamp_min(0) + (x.clamp_max(0) * Channel(slope));

    private Tensor Norm(Tensor x, string path)
    {
        var (mean, variance) = (_state[$"{path}.running_mean"], _state[$"{path}.running_var"]);
        var (m, v) = (mean, variance);
        if (_training)
        {
            var count = (double)x.numel() / x.shape[1];
            m = x.mean([0, 2, 3]);
            v = (x - m.view(1, -1, 1, 1)).square().mean([0, 2, 3]);
            using var _ = no_grad();
            mean.mul_(0.9).add_(m.detach() * 0.1);
            variance.mul_(0.9).add_(v.detach() * (0.1 * count / (count - 1)));
        }

        var normal = (x - m.view(1, -1, 1, 1)) / (v + 1e-5).sqrt().view(1, -1, 1, 1);
        return (normal * Channel($"{path}.weight")) + Channel($"{path}.bias");
    }

    private Tensor Channel(string name) => _state[name].view(1, -1, 1, 1);
}
