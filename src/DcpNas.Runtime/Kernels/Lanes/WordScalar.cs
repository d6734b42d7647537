namespace DcpNas.Runtime.Kernels.Lanes;

/// <summary>One word.</summary>
internal unsafe readonly struct WordScalar : IWordLanes<ulong>
{
    public static int Count => 1;

    public static ulong Ones => ulong.MaxValue;

    public static ulong Load(ulong* source) => *source;

    public static ulong Broadcast(ulong* source) => *source;

    public static void Store(ulong value, ulong* target) => *target = value;

    public static ulong Xor(ulong left, ulong right) => left ^ right;

    public static ulong And(ulong left, ulong right) => left & right;

    public static ulong Parity(ulong a, ulong b, ulong c) => a ^ b ^ c;

    public static ulong Majority(ulong a, ulong b, ulong c) => (a & b) | (c & (a ^ b));

    public static ulong AtLeast(ulong value, ulong threshold, ulong below) => (value & ~threshold) | (below & ~(value ^ threshold));
}
