namespace DcpNas.Operators.Kernels;

/// <summary>Some neighbouring floats in one register of the processor, so that one source of a kernel serves registers of any width.</summary>
/// <remarks>
/// Kernels take <see cref="Lanes16"/> where the processor has such registers and else <see cref="Lanes8"/>: wider vectors than the registers are calls and copies through memory. Every lane is computed
/// alone, so that the results do not depend on the width.
/// </remarks>
/// <typeparam name="T">The register.</typeparam>
internal unsafe interface ILanes<T>
    where T : struct, ILanes<T>
{
    /// <summary>How many; it divides <see cref="Chunks.Lanes"/>.</summary>
    static abstract int Count { get; }

    static abstract T Zero { get; }

    static abstract T One { get; }

    static abstract T Create(float value);

    static abstract T Load(float* source);

    /// <summary>Bytes as whole numbers of 32 bits.</summary>
    static abstract T LoadBytes(byte* source);

    void Store(float* target);

    /// <summary>The lowest byte of every lane.</summary>
    void StoreBytes(byte* target);

    static abstract T operator +(T left, T right);

    static abstract T operator -(T left, T right);

    static abstract T operator -(T value);

    static abstract T operator *(T left, T right);

    /// <summary><c>left right + addend</c>, rounded once.</summary>
    static abstract T FusedMultiplyAdd(T left, T right, T addend);

    static abstract T Max(T left, T right);

    static abstract T Abs(T value);

    /// <summary>All bits of a lane where the comparison holds, else none.</summary>
    static abstract T GreaterThan(T left, T right);

    static abstract T GreaterThanOrEqual(T left, T right);

    static abstract T LessThan(T left, T right);

    static abstract T LessThanOrEqual(T left, T right);

    static abstract T IsNaN(T value);

    /// <summary>Compares whole numbers of 32 bits.</summary>
    static abstract T EqualBits(T left, T right);

    static abstract T Or(T left, T right);

    /// <summary><paramref name="whenTrue"/> where a comparison holds, else <paramref name="whenFalse"/>.</summary>
    static abstract T Select(T condition, T whenTrue, T whenFalse);
}
