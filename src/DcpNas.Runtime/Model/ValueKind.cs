namespace DcpNas.Runtime.Model;

/// <summary>What the elements of a value are.</summary>
public enum ValueKind
{
    /// <summary>float32, channels innermost: <c>[y][x][channel]</c>.</summary>
    Real,

    /// <summary>±1 as bits (1 is -1, 0 is +1), 64 channels per word: <c>[y][block of 64 channels][x]</c>; bits past the last channel are 0.</summary>
    Bits,

    /// <summary>Whole numbers, sums of products of ±1, channels innermost: <c>[y][x][channel]</c>.</summary>
    Sums,
}
