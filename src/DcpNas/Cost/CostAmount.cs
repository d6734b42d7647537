namespace DcpNas.Cost;

/// <summary>What a layer, a group or a network costs per sample at inference. Amounts add exactly: all counts are integers.</summary>
/// <remarks>
/// <para><b>Operations.</b> One multiply-accumulate (MAC) of two 1-bit operands is one BOP; any other MAC is one FLOP, as in the field's OPs
/// tables. OPs = FLOPs + BOPs / 64 (Bi-Real-Net, arXiv:1808.00278). A tap that falls on the padding is counted as any other.</para>
/// <para><b>Elementwise FLOPs</b>, kept apart because most published figures leave them out: per value 1 for batch normalisation (one
/// multiply-add), 1 for the scale beta, 1 for ReLU or PReLU, 1 for the addition of a shortcut, 1 for the sum of a node's two edges; 9 per output
/// value of a 3x3 pool, 4 of a 2x2 pool; 1 for a learnable shift; 1 per value read by the global average pool; 1 per class for the classifier's bias. The sign function, identity and
/// concatenation are free: they move bits or nothing.</para>
/// <para><b>Memory.</b> 1 bit per binary weight, 32 per real parameter. Running statistics are no parameters: at inference batch
/// normalisation is one factor and one offset per channel, as many numbers as its weight and bias.</para>
/// </remarks>
/// <param name="BinaryMacs">MACs of 1-bit weights with 1-bit activations.</param>
/// <param name="RealMacs">All other MACs of convolutions and the classifier.</param>
/// <param name="ElementwiseFlops">Real operations outside of convolutions and the classifier.</param>
/// <param name="BinaryWeights">Weights stored in one bit.</param>
/// <param name="RealParameters">Parameters stored in 32 bits.</param>
public readonly record struct CostAmount(long BinaryMacs, long RealMacs, long ElementwiseFlops, long BinaryWeights, long RealParameters)
{
    /// <summary>Binary operations: the binary MACs.</summary>
    public long Bops => BinaryMacs;

    /// <summary>All real operations: real MACs and elementwise FLOPs.</summary>
    public long Flops => RealMacs + ElementwiseFlops;

    /// <summary>All MACs, binary and real.</summary>
    public long Macs => BinaryMacs + RealMacs;

    /// <summary>FLOPs + BOPs / 64. Exact in double precision up to 2^46.</summary>
    public double Ops => Flops + BinaryOps;

    /// <summary>The binary share of <see cref="Ops"/>: BOPs / 64.</summary>
    public double BinaryOps => Bops / 64.0;

    /// <summary>OPs of convolutions and classifier alone, without elementwise FLOPs: the figure to hold against published tables.</summary>
    public double ConvolutionOps => RealMacs + BinaryOps;

    /// <summary>Memory in bits.</summary>
    public long Bits => BinaryWeights + RealBits;

    /// <summary>The real share of <see cref="Bits"/>.</summary>
    public long RealBits => 32 * RealParameters;

    /// <summary>Memory in Mbit (10^6 bits).</summary>
    public double Mbit => Bits / 1e6;

    /// <summary>The sum of two costs.</summary>
    public static CostAmount operator +(CostAmount left, CostAmount right) => Add(left, right);

    /// <summary>The sum of two costs.</summary>
    public static CostAmount Add(CostAmount left, CostAmount right) => new(
        left.BinaryMacs + right.BinaryMacs,
        left.RealMacs + right.RealMacs,
        left.ElementwiseFlops + right.ElementwiseFlops,
        left.BinaryWeights + right.BinaryWeights,
        left.RealParameters + right.RealParameters);

    /// <summary>The sum of any number of costs.</summary>
    public static CostAmount Sum(IEnumerable<CostAmount> amounts) => amounts.Aggregate(default(CostAmount), Add);
}
