namespace DcpNas.Runtime;

/// <summary>A positive factor in whole numbers: <c>Multiplier / 2^Shift</c>.</summary>
/// <param name="Multiplier">0 to 32767.</param>
/// <param name="Shift">0 to 30.</param>
public readonly record struct IntegerFactor(int Multiplier, int Shift)
{
    private const int MostMultiplier = short.MaxValue;

    /// <summary>The nearest factor: with the largest shift whose multiplier fits; 32767 of a factor that is larger.</summary>
    /// <param name="factor">0 or more.</param>
    public static IntegerFactor Of(double factor)
    {
        var shift = IntegerInfo.MostShift;
        while (shift > 0 && Math.Round(Math.ScaleB(factor, shift)) > MostMultiplier)
        {
            shift--;
        }

        return new IntegerFactor((int)Math.Min(Math.Round(Math.ScaleB(factor, shift)), MostMultiplier), shift);
    }

    /// <summary>The product with a number of 17 bits, rounded to the nearest whole number, halves up.</summary>
    internal int Times(int value) => (int)((((long)value * Multiplier) + ((1L << Shift) >> 1)) >> Shift);
}
