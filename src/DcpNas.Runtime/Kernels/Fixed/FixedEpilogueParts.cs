namespace DcpNas.Runtime.Kernels.Fixed;

/// <summary>The whole numbers that a <see cref="FixedEpilogue"/> computes with.</summary>
internal sealed class FixedEpilogueParts
{
    private const int MostDoublings = 7;

    /// <summary>Translates the parts of an affine function. Every list has one entry per channel.</summary>
    /// <param name="scale">Factors of the sums.</param>
    /// <param name="bias">Added after scaling.</param>
    /// <param name="slope">Slopes below zero (PReLU), or empty for none.</param>
    /// <param name="offset">Added behind the slope, or empty for none.</param>
    /// <param name="signs">How the result becomes bits, at most <see cref="SumEpilogue.MostSigns"/> times.</param>
    /// <param name="exponents">Of what is read and made.</param>
    /// <param name="largestSum">No sum is larger in absolute value.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the result has a larger exponent than something that is added.</exception>
    public FixedEpilogueParts(
        ReadOnlySpan<float> scale, ReadOnlySpan<float> bias, ReadOnlySpan<float> slope, ReadOnlySpan<float> offset, FloatRule[][] signs, FixedExponents exponents, int largestSum = FixedNumber.Bound)
    {
        Channels = scale.Length;
        Bounds.AtLeast(scale.Length, 1);
        Bounds.Exactly(bias.Length, Channels);
        Bounds.Exactly(slope.Length, slope.IsEmpty ? 0 : Channels);
        Bounds.Exactly(offset.Length, offset.IsEmpty ? 0 : Channels);
        Bounds.AtLeast(SumEpilogue.MostSigns, signs.Length);
        var (output, shortcut, addend) = (exponents.Output, exponents.Shortcut ?? exponents.Output, exponents.Addend ?? exponents.Output);
        Bounds.AtLeast(shortcut, output);
        Bounds.AtLeast(addend, output);
        (ShortcutDivisor, AddendDivisor) = (FixedNumber.Divisor(shortcut - output), FixedNumber.Divisor(addend - output));
        (Centre, Limit, Least, Factor, Multiplier, Bias) = (new short[Channels], new short[Channels], new short[Channels], new short[Channels], new short[Channels], new short[Channels]);
        for (var channel = 0; channel < Channels; channel++)
        {
            var rule = ScaleRule.Of(scale[channel], bias[channel], exponents.Input, output, largestSum);
            (Centre[channel], Limit[channel], Least[channel]) = (rule.Centre, rule.Limit, (short)-rule.Limit);
            (Factor[channel], Multiplier[channel], Bias[channel]) = (rule.Factor, rule.Multiplier, rule.Bias);
            HasCentre |= rule.Centre != 0;
            HasLimit |= largestSum + Math.Abs(rule.Centre) > rule.Limit;
        }

        var steepest = 0f;
        foreach (var factor in slope)
        {
            steepest = Math.Max(steepest, Math.Abs(factor));
        }

        while (Doublings < MostDoublings && steepest * FixedNumber.Scale(15 - Doublings) > FixedNumber.Largest)
        {
            Doublings++;
        }

        Slope = slope.IsEmpty ? null : Array.ConvertAll(slope.ToArray(), factor => FixedNumber.Of(factor, 15 - Doublings));
        SlopesJoin = Doublings == 0 && Array.TrueForAll(Slope ?? [], factor => factor >= 0);
        Offset = offset.IsEmpty ? null : Array.ConvertAll(offset.ToArray(), number => FixedNumber.Of(number, output));
        Signs = Array.ConvertAll(signs, rules => new FixedRules(rules, output));
        foreach (var rules in Signs)
        {
            Bounds.Exactly(rules.Thresholds.Length, Channels);
        }
    }

    public int Channels { get; }

    /// <summary>Added to the sums first: <see cref="ScaleRule.Centre"/>.</summary>
    public short[] Centre { get; }

    /// <summary>Whether any is not 0.</summary>
    public bool HasCentre { get; }

    /// <summary>What a sum is cut to: <see cref="ScaleRule.Limit"/>.</summary>
    public short[] Limit { get; }

    /// <summary>The limit below.</summary>
    public short[] Least { get; }

    /// <summary>Whether any sum can be beyond.</summary>
    public bool HasLimit { get; }

    public short[] Factor { get; }

    public short[] Multiplier { get; }

    public short[] Bias { get; }

    /// <summary>Slopes below zero with the exponent <c>15 - Doublings</c>, or null.</summary>
    public short[]? Slope { get; }

    /// <summary>How often the product with a slope is doubled: slopes of 1 and more.</summary>
    public int Doublings { get; private init; }

    /// <summary>Whether all slopes are from 0 to below 1, so that the larger of a number and its product is the result.</summary>
    public bool SlopesJoin { get; }

    public short[]? Offset { get; }

    /// <summary>What divides a shortcut, or 0: <see cref="FixedNumber.Divisor"/>.</summary>
    public short ShortcutDivisor { get; }

    /// <summary>What divides the addend, or 0.</summary>
    public short AddendDivisor { get; }

    public FixedRules[] Signs { get; }
}
