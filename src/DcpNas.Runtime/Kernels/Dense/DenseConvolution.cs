namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>Chooses the kernel of a dense convolution.</summary>
internal static class DenseConvolution
{
    /// <summary>Prepares the kernel that suits the sizes best.</summary>
    public static BinaryConvolution Prepare(ConvolutionGeometry geometry, ReadOnlySpan<ulong> weights, ReadOnlySpan<BitRule> rules, InstructionSet set) =>
        set == InstructionSet.AdvSimd ? new DenseAdvSimd(geometry, weights, rules, set) : new DenseScalar(geometry, weights, rules, set);
}
