using System.Runtime.Intrinsics;
using DcpNas.Runtime.Kernels.Lanes;

namespace DcpNas.Runtime.Kernels.Depthwise;

/// <summary>Chooses the kernel of a depthwise convolution.</summary>
internal static class DepthwiseConvolution
{
    /// <summary>Prepares the kernel of an instruction set.</summary>
    public static BinaryConvolution Prepare(ConvolutionGeometry geometry, ReadOnlySpan<ulong> weights, ReadOnlySpan<BitRule> rules, InstructionSet set)
    {
        var plan = new DepthwisePlan(geometry, weights, rules);
        return set switch
        {
            InstructionSet.Avx512 => new DepthwiseAdders<Words512, Vector512<ulong>>(plan, set),
            InstructionSet.Avx2 => new DepthwiseAdders<Words256, Vector256<ulong>>(plan, set),
            InstructionSet.AdvSimd => new DepthwiseAdders<Words128, Vector128<ulong>>(plan, set),
            _ => new DepthwiseAdders<WordScalar, ulong>(plan, set),
        };
    }
}
