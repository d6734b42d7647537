namespace DcpNas.Runtime.Kernels.Fixed;

/// <summary>Brings fixed-point numbers to a smaller exponent, and adds them to others.</summary>
internal static unsafe class FixedSum
{
    /// <summary>Writes numbers with a smaller exponent: <c>MultiplyRound(x, 2^(15 - shift))</c>.</summary>
    /// <param name="input">The numbers.</param>
    /// <param name="output">As many.</param>
    /// <param name="shift">By how much the exponent falls, at least 0.</param>
    /// <param name="set">The instructions to use.</param>
    public static void Shift(ReadOnlySpan<short> input, Span<short> output, int shift, InstructionSet set)
    {
        Bounds.AtLeast(input.Length, output.Length);
        if (shift == 0)
        {
            input[..output.Length].CopyTo(output);
            return;
        }

        fixed (short* source = input, target = output)
        {
            ShortLoop.Run(set, output.Length, new ShiftStep(source, target, FixedNumber.Divisor(shift)));
        }
    }

    /// <summary>Adds numbers in place, saturating.</summary>
    /// <param name="total">What is added to.</param>
    /// <param name="term">As many.</param>
    /// <param name="shift">By how much the exponent of the term falls first, at least 0.</param>
    /// <param name="set">The instructions to use.</param>
    public static void Add(Span<short> total, ReadOnlySpan<short> term, int shift, InstructionSet set)
    {
        Bounds.AtLeast(term.Length, total.Length);
        fixed (short* target = total, source = term)
        {
            ShortLoop.Run(set, total.Length, new AddStep(target, source, shift == 0, FixedNumber.Divisor(shift)));
        }
    }

    private readonly struct ShiftStep(short* input, short* output, short divisor) : IShortStep
    {
        public void Run<TLanes, T>(int channel)
            where TLanes : struct, IShortLanes<T>
            where T : struct => TLanes.Store(TLanes.MultiplyRound(TLanes.Load(input + channel), TLanes.Create(divisor)), output + channel);
    }

    private readonly struct AddStep(short* total, short* term, bool same, short divisor) : IShortStep
    {
        public void Run<TLanes, T>(int channel)
            where TLanes : struct, IShortLanes<T>
            where T : struct
        {
            var value = TLanes.Load(term + channel);
            value = same ? value : TLanes.MultiplyRound(value, TLanes.Create(divisor));
            TLanes.Store(TLanes.Add(TLanes.Load(total + channel), value), total + channel);
        }
    }
}
