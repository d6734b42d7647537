namespace DcpNas.Runtime.Kernels.Fixed;

/// <summary>Several 16-bit numbers side by side, so that a job on channels is written once for every vector width.</summary>
/// <remarks>Whole-number arithmetic: every width gives the same numbers.</remarks>
/// <typeparam name="T">The vector.</typeparam>
internal unsafe interface IShortLanes<T>
    where T : struct
{
    /// <summary>Numbers of a vector.</summary>
    static abstract int Count { get; }

    static abstract T Create(short value);

    static abstract T Load(short* source);

    static abstract void Store(T value, short* target);

    /// <summary><c>left + right</c>, saturating.</summary>
    static abstract T Add(T left, T right);

    /// <summary>The low 16 bits of <c>left * right</c>.</summary>
    static abstract T Multiply(T left, T right);

    /// <summary><c>(left * right + 2^14) &gt;&gt; 15</c>; the right factor is never -2^15.</summary>
    static abstract T MultiplyRound(T left, T right);

    static abstract T Min(T left, T right);

    static abstract T Max(T left, T right);

    /// <summary><c>value &lt; 0 ? below : value</c>.</summary>
    static abstract T BelowZero(T value, T below);

    /// <summary>One bit per lane, lane 0 lowest: <c>left &lt; right</c>.</summary>
    static abstract uint LessThan(T left, T right);
}
