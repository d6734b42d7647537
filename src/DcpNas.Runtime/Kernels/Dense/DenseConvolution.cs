namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>Chooses the kernel of a dense convolution.</summary>
internal static class DenseConvolution
{
    /// <summary>Prepares the kernel that suits the sizes best.</summary>
    public static BinaryConvolution Prepare(ConvolutionGeometry geometry, ReadOnlySpan<ulong> weights, ReadOnlySpan<BitRule> rules, InstructionSet set)
    {
        var isWide = geometry.Terms > short.MaxValue; // counters of 16 bits could overflow
        return set switch
        {
            InstructionSet.Avx512 when !isWide => PrepareAvx512(geometry, weights, rules),
            InstructionSet.Avx2 when !isWide => new DenseAvx2(geometry, weights, rules, set),
            InstructionSet.AdvSimd => new DenseAdvSimd(geometry, weights, rules, set),
            _ => new DenseScalar(geometry, weights, rules, set),
        };
    }

    private static BinaryConvolution PrepareAvx512(ConvolutionGeometry geometry, ReadOnlySpan<ulong> weights, ReadOnlySpan<BitRule> rules)
    {
        const InstructionSet Set = InstructionSet.Avx512;
        var channels = new DenseChannelLanes(geometry, weights, rules, Set);
        var isFaster = rules.IsEmpty
            ? DenseCost.PixelLaneSums(geometry) < DenseCost.ChannelLaneSums(geometry)
            : DenseCost.PixelLanes(geometry) < DenseCost.ChannelLanes(geometry);
        return isFaster && DensePixelLanes.TryCreate(geometry, weights, rules, Set) is { } pixels ? new DensePair(pixels, channels) : channels;
    }
}
