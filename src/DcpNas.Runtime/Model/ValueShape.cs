namespace DcpNas.Runtime.Model;

/// <summary>Kind and size of a value of one image. A vector is a map of one pixel.</summary>
/// <param name="Kind">What the elements are.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Pixels per row.</param>
/// <param name="Channels">Channels per pixel.</param>
/// <param name="SumBound">For <see cref="ValueKind.Sums"/>: no element is larger in absolute value. Else 0.</param>
public readonly record struct ValueShape(ValueKind Kind, int Height, int Width, int Channels, int SumBound = 0)
{
    /// <summary>Height * Width * Channels.</summary>
    public long Elements => (long)Height * Width * Channels;

    /// <summary>Words of 64 channels per pixel.</summary>
    public int Blocks => (Channels + 63) / 64;

    /// <summary>Of real values that are stored as 16-bit fixed-point numbers: they are multiples of <c>2^-Exponent</c>. Null: float32.</summary>
    internal int? Exponent { get; init; }

    /// <summary>Whether sums are stored in 16 bits rather than 32.</summary>
    internal bool ShortSums => SumBound <= short.MaxValue;

    /// <summary>Bytes of the value in memory.</summary>
    internal long Bytes => Kind switch
    {
        ValueKind.Real => Elements * (Exponent is null ? sizeof(float) : sizeof(short)),
        ValueKind.Bits => (long)Height * Width * Blocks * sizeof(ulong),
        _ => Elements * (ShortSums ? sizeof(short) : sizeof(int)),
    };

    /// <summary>For example <c>bits 32x32x36</c>.</summary>
    public override string ToString() => $"{NameOf(Kind)} {Height}x{Width}x{Channels}";

    internal static string NameOf(ValueKind kind) => kind switch { ValueKind.Real => "real", ValueKind.Bits => "bits", _ => "sums" };
}
