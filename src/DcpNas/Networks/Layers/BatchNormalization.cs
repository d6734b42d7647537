using DcpNas.Binarization;
using DcpNas.Operators;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Networks.Layers;

/// <summary>Batch normalisation with weight, bias and running statistics, alone or fused with what follows.</summary>
/// <remarks>
/// Training mode: <c>y = (x - mean) / sqrt(var + 1e-5) weight + bias</c> with the statistics of the batch (biased variance); the running ones move
/// by <see cref="Momentum"/> (unbiased variance). Evaluation mode: the running ones. Names as in libtorch: weight, bias, running_mean, running_var.
/// </remarks>
public sealed class BatchNormalization : Module
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;

    /// <summary>Creates the layer: weight 1, bias 0, running mean 0, running variance 1.</summary>
    /// <param name="channels">Channels of the input.</param>
    public BatchNormalization(int channels)
        : base(nameof(BatchNormalization))
    {
        _weight = new Parameter(ones(channels));
        _bias = new Parameter(zeros(channels));
        register_parameter("weight", _weight);
        register_parameter("bias", _bias);
        register_buffer("running_mean", zeros(channels).DetachFromDisposeScope());
        register_buffer("running_var", ones(channels).DetachFromDisposeScope());
    }

    /// <summary>Share of the newest batch in the running statistics; 1 / k at the k-th batch makes them plain means. Default 0.1.</summary>
    public double Momentum { get; set; } = 0.1;

    /// <summary>The parameters and statistics that the next call uses.</summary>
    internal NormalizationState State => new(_weight, _bias, get_buffer("running_mean"), get_buffer("running_var"), training, Momentum);

    /// <summary><c>[sign] [PReLU] (BN(x) [+ shortcut])</c>, <c>[N, C, H, W]</c>; each part is left out where it is null.</summary>
    /// <inheritdoc cref="Normalization.Apply"/>
    public Tensor Apply(Tensor input, Tensor? shortcut = null, Tensor? slope = null, SignEstimator? sign = null) => Normalization.Apply(input, State, shortcut, slope, sign);

    /// <summary><c>PReLU(BN(x) + shortcut + shift)</c>, the shift per channel folded into the bias.</summary>
    internal Tensor AddShiftedPRelu(Tensor input, Tensor shortcut, Tensor shift, Tensor slope)
    {
        using var scope = NewDisposeScope();
        return Normalization.Apply(input, State with { Bias = _bias + shift }, shortcut, slope).MoveToOuterDisposeScope();
    }
}
