namespace DcpNas.Runtime;

/// <summary>The vector instructions that kernels are written for. Every set gives the same integers.</summary>
public enum InstructionSet
{
    /// <summary>No vector instructions; runs everywhere and is the reference of all others.</summary>
    Scalar,

    /// <summary>ARM AdvSimd of 64-bit processors.</summary>
    AdvSimd,

    /// <summary>x86 AVX2.</summary>
    Avx2,

    /// <summary>x86 AVX-512 with BW, VBMI and GFNI.</summary>
    Avx512,
}
