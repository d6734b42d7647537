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
            InstructionSet.Avx512 when !isWide => new DenseChannelLanes(geometry, weights, rules, set),
            InstructionSet.Avx2 when !isWide => new DenseAvx2(geometry, weights, rules, set),
            InstructionSet.AdvSimd => new DenseAdvSimd(geometry, weights, rules, set),
            _ => new DenseScalar(geometry, weights, rules, set),
        };
    }
}
