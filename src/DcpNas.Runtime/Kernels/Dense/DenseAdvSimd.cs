using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>Dense convolution on ARM: exclusive or, count of bits per byte, pairwise sums.</summary>
internal sealed unsafe class DenseAdvSimd : DensePatches
{
    private const int Segment = 31; // counts per byte are at most 8 a step, and 31 * 8 < 256

    /// <summary>Prepares the kernel.</summary>
    public DenseAdvSimd(ConvolutionGeometry geometry, ReadOnlySpan<ulong> weights, ReadOnlySpan<BitRule> rules, InstructionSet set)
        : base(geometry, weights, rules, set)
    {
    }

    /// <inheritdoc/>
    public override string Kernel => "eor, cnt";

    /// <inheritdoc/>
    protected override int Difference(ulong* left, ulong* right, int words)
    {
        var total = Vector128<uint>.Zero;
        var index = 0;
        while (index + 2 <= words)
        {
            var bytes = Vector128<byte>.Zero;
            for (var end = Math.Min(words - 1, index + (2 * Segment)); index < end; index += 2)
            {
                bytes = AdvSimd.Add(bytes, AdvSimd.PopCount(AdvSimd.Xor(Vector128.Load(left + index), Vector128.Load(right + index)).AsByte()));
            }

            total = AdvSimd.AddPairwiseWideningAndAdd(total, AdvSimd.AddPairwiseWidening(bytes));
        }

        var count = (int)Vector128.Sum(total);
        return index < words ? count + BitOperations.PopCount(left[index] ^ right[index]) : count;
    }
}
