namespace DcpNas.Cost;

/// <summary>
/// A convolution with what stands around it: [activation] -> [shift] -> [batch normalisation] -> [sign] convolution [scale] -> batch normalisation ->
/// [+ shortcut] -> [PReLU, between two shifts in ReActNet].
/// </summary>
/// <remarks>
/// Real parameters per channel: batch normalisation 2 (weight, bias) of the input's or output's channels, scale beta 1, PReLU slope 1, each shift 1. A
/// factorised reduce (two 1x1 convolutions of stride 2 to half of the channels each) costs what one 1x1 convolution of stride 2 costs, and is counted as one.
/// </remarks>
public sealed record ConvolutionUnit
{
    /// <summary>The size of the input.</summary>
    public required FeatureMap Input { get; init; }

    /// <summary>Channels of the output.</summary>
    public required int OutputChannels { get; init; }

    /// <summary>Side of the square kernel, in pixels.</summary>
    public int Kernel { get; init; } = 1;

    /// <summary>1 or 2, in pixels.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Distance of the taps, in pixels. Changes no cost, because the padding grows with it.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>Whether each channel is filtered alone; the output then has the input's channels.</summary>
    public bool IsDepthwise { get; init; }

    /// <summary>Whether it stands for a factorised reduce.</summary>
    public bool IsFactorised { get; init; }

    /// <summary>Whether weights are stored in one bit and the output is scaled by beta per channel.</summary>
    public bool BinaryWeights { get; init; }

    /// <summary>Whether the input passes through sign; with binary weights, MACs are then BOPs.</summary>
    public bool BinaryActivations { get; init; }

    /// <summary>Whether a ReLU or a clip to [-1, 1] stands before (no parameters).</summary>
    public bool ReluBefore { get; init; }

    /// <summary>Whether a learnable shift per channel is added to the input: RSign, arXiv:2003.03488.</summary>
    public bool ShiftBefore { get; init; }

    /// <summary>Whether the input is batch-normalised.</summary>
    public bool NormBefore { get; init; }

    /// <summary>Whether the input is added to the normalised output.</summary>
    public bool Shortcut { get; init; }

    /// <summary>Whether the output ends in a PReLU with one slope per channel.</summary>
    public bool PReluAfter { get; init; }

    /// <summary>Whether a learnable shift per channel is added before the PReLU and another behind it: RPReLU, arXiv:2003.03488.</summary>
    public bool ShiftsAroundPRelu { get; init; }

    /// <summary>The size of the output.</summary>
    public FeatureMap Output => Input.After(OutputChannels, Stride);

    /// <summary>The row of the cost table. The output is always batch-normalised.</summary>
    /// <param name="name">Where it stands.</param>
    /// <param name="group">The part of the network.</param>
    public CostLayer Count(string name, CostGroup group)
    {
        var taps = (IsDepthwise ? 1L : Input.Channels) * Kernel * Kernel;
        var weights = taps * OutputChannels;
        var macs = taps * Output.Elements;
        var isBinary = BinaryWeights && BinaryActivations;
        var perInput = One(ReluBefore) + One(ShiftBefore) + One(NormBefore);
        var perOutput = 1 + One(BinaryWeights) + One(Shortcut) + One(PReluAfter) + (2 * One(ShiftsAroundPRelu));
        return new(name, group, Describe(), Output, new CostAmount(
            BinaryMacs: isBinary ? macs : 0,
            RealMacs: isBinary ? 0 : macs,
            ElementwiseFlops: (perInput * Input.Elements) + (perOutput * Output.Elements),
            BinaryWeights: BinaryWeights ? weights : 0,
            RealParameters: (BinaryWeights ? 0 : weights) + (((2 * One(NormBefore)) + One(ShiftBefore)) * Input.Channels)
                + ((2 + One(BinaryWeights) + One(PReluAfter) + (2 * One(ShiftsAroundPRelu))) * OutputChannels)));
    }

    private static long One(bool present) => present ? 1 : 0;

    private string Describe()
    {
        var kind = IsFactorised ? "factorised reduce" : IsDepthwise ? "depthwise" : "conv";
        var dilated = Dilation == 1 ? "" : $", dilation {Dilation}";
        return CostLayer.Strided($"{kind} {Kernel}x{Kernel}", Stride) + dilated;
    }
}
