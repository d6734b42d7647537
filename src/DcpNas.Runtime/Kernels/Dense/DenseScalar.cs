using System.Numerics;

namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>Dense convolution without vector instructions: the reference of all others.</summary>
internal sealed unsafe class DenseScalar : DensePatches
{
    /// <summary>Prepares the kernel.</summary>
    public DenseScalar(ConvolutionGeometry geometry, ReadOnlySpan<ulong> weights, ReadOnlySpan<BitRule> rules, InstructionSet set)
        : base(geometry, weights, rules, set)
    {
    }

    /// <inheritdoc/>
    public override string Kernel => "scalar";

    /// <inheritdoc/>
    protected override int Difference(ulong* left, ulong* right, int words)
    {
        var count = 0;
        for (var index = 0; index < words; index++)
        {
            count += BitOperations.PopCount(left[index] ^ right[index]);
        }

        return count;
    }
}
