namespace DcpNas.Runtime.Kernels.Lanes;

/// <summary>Several floats side by side, so that a job on channels is written once for every vector width.</summary>
/// <remarks>Each member is one IEEE operation per lane, rounded once; nothing is fused. So every width gives the same floats.</remarks>
/// <typeparam name="T">The vector.</typeparam>
internal unsafe interface IFloatLanes<T>
    where T : struct
{
    /// <summary>Floats of a vector.</summary>
    static abstract int Count { get; }

    static abstract T Create(float value);

    static abstract T Load(float* source);

    static abstract T Load(short* source);

    static abstract T Load(int* source);

    static abstract void Store(T value, float* target);

    static abstract T Add(T left, T right);

    static abstract T Multiply(T left, T right);

    static abstract T Divide(T left, T right);

    /// <summary>The same as <see cref="Divide"/>, perhaps sooner.</summary>
    /// <param name="value">The dividends.</param>
    /// <param name="divisor">A whole number from 1 to 225 in every lane.</param>
    /// <param name="inverse"><c>1 / divisor</c>, rounded.</param>
    static abstract T DivideBy(T value, T divisor, T inverse);

    /// <summary><c>left &gt; right ? left : right</c>.</summary>
    static abstract T Max(T left, T right);

    /// <summary><c>value &lt; 0 ? value * slope : value</c>.</summary>
    static abstract T Prelu(T value, T slope);

    /// <summary>One bit per lane, lane 0 lowest: <c>left &lt; right</c>.</summary>
    static abstract uint LessThan(T left, T right);
}
