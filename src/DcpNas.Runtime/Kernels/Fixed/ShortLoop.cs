using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DcpNas.Runtime.Kernels.Fixed;

/// <summary>What a job on 16-bit numbers does with some neighbouring channels.</summary>
internal interface IShortStep
{
    /// <summary>Does it for the channels <c>channel .. channel + TLanes.Count - 1</c>.</summary>
    void Run<TLanes, T>(int channel)
        where TLanes : struct, IShortLanes<T>
        where T : struct;
}

/// <summary>Cuts channels into the widest vectors of an instruction set; what is left goes through narrower ones.</summary>
internal static class ShortLoop
{
    /// <summary>Runs a step on every channel once.</summary>
    /// <param name="set">The instructions to use.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="step">What is done.</param>
    /// <param name="repeatable">Whether it does no harm to do it twice: then a last vector takes channels again, rather than one after the other what is left.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TStep>(InstructionSet set, int channels, TStep step, bool repeatable = false)
        where TStep : struct, IShortStep, allows ref struct
    {
        var channel = 0;
        if (set == InstructionSet.Avx512)
        {
            for (; channel + Shorts512.Count <= channels; channel += Shorts512.Count)
            {
                step.Run<Shorts512, Vector512<short>>(channel);
            }
        }

        if (set is InstructionSet.Avx512 or InstructionSet.Avx2)
        {
            for (; channel + Shorts256.Count <= channels; channel += Shorts256.Count)
            {
                step.Run<Shorts256, Vector256<short>>(channel);
            }
        }

        if (set != InstructionSet.Scalar)
        {
            for (; channel + Shorts128.Count <= channels; channel += Shorts128.Count)
            {
                step.Run<Shorts128, Vector128<short>>(channel);
            }

            if (repeatable && channel < channels && channels >= Shorts128.Count)
            {
                step.Run<Shorts128, Vector128<short>>(channels - Shorts128.Count);
                return;
            }
        }

        for (; channel < channels; channel++)
        {
            step.Run<ShortScalar, short>(channel);
        }
    }
}
