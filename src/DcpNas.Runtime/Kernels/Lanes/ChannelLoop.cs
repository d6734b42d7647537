using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DcpNas.Runtime.Kernels.Lanes;

/// <summary>Cuts channels into the widest vectors of an instruction set; what is left goes through narrower ones.</summary>
internal static class ChannelLoop
{
    /// <summary>Runs a step on every channel once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TStep>(InstructionSet set, int channels, TStep step)
        where TStep : struct, IChannelStep, allows ref struct
    {
        var channel = 0;
        if (set == InstructionSet.Avx512)
        {
            for (; channel + Lanes512.Count <= channels; channel += Lanes512.Count)
            {
                step.Run<Lanes512, Vector512<float>>(channel);
            }
        }

        if (set is InstructionSet.Avx512 or InstructionSet.Avx2)
        {
            for (; channel + Lanes256.Count <= channels; channel += Lanes256.Count)
            {
                step.Run<Lanes256, Vector256<float>>(channel);
            }
        }

        if (set != InstructionSet.Scalar)
        {
            for (; channel + Lanes128.Count <= channels; channel += Lanes128.Count)
            {
                step.Run<Lanes128, Vector128<float>>(channel);
            }
        }

        for (; channel < channels; channel++)
        {
            step.Run<ScalarLanes, float>(channel);
        }
    }
}
