using System.Runtime.Intrinsics.X86;

namespace DcpNas.Native;

/// <summary>Intel's AMX: matrix tiles, 8 KiB of registers that a thread gets with the first of their instructions and keeps.</summary>
/// <remarks>From then on every signal of that thread is handed over with 8 KiB more, which .NET's stack for SIGSEGV does not hold: the next null reference there ends the process (docs/adr/0008).</remarks>
internal static class Amx
{
    // CPUID, leaf 7, EDX.
    private const int Features = 7, Bfloat16Bit = 22, TileBit = 24, Int8Bit = 25;

    /// <summary>Whether this processor has tiles.</summary>
    public static bool IsPresent => Parts.Count > 0;

    /// <summary>What this processor computes in tiles; empty where it has none.</summary>
    public static IReadOnlyList<string> Parts { get; } = X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= Features ? PartsOf(X86Base.CpuId(Features, 0).Edx) : [];

    /// <summary>The same of the bits that a processor tells.</summary>
    internal static IReadOnlyList<string> PartsOf(int features) => !Has(features, TileBit) ? [] :
    [
        "tiles",
        .. Has(features, Int8Bit) ? (string[])["int8"] : [],
        .. Has(features, Bfloat16Bit) ? (string[])["bfloat16"] : [],
    ];

    private static bool Has(int features, int bit) => (features >> bit & 1) != 0;
}
