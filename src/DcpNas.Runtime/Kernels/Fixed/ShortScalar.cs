namespace DcpNas.Runtime.Kernels.Fixed;

/// <summary>One 16-bit number: the definition of what the vectors do.</summary>
internal unsafe readonly struct ShortScalar : IShortLanes<short>
{
    public static int Count => 1;

    public static short Create(short value) => value;

    public static short Load(short* source) => *source;

    public static void Store(short value, short* target) => *target = value;

    public static short Add(short left, short right) => (short)Math.Clamp(left + right, short.MinValue, short.MaxValue);

    public static short Multiply(short left, short right) => (short)(left * right);

    public static short MultiplyRound(short left, short right) => (short)(((left * right) + (1 << 14)) >> 15);

    public static short Min(short left, short right) => Math.Min(left, right);

    public static short Max(short left, short right) => Math.Max(left, right);

    public static short BelowZero(short value, short below) => value < 0 ? below : value;

    public static uint LessThan(short left, short right) => left < right ? 1u : 0u;
}
