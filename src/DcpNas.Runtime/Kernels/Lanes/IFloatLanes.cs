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

    /// <summary>The larger one; NaN where one of them is NaN.</summary>
    static abstract T Max(T left, T right);

    /// <summary><c>value &lt; 0 ? value * slope : value</c>.</summary>
    static abstract T Prelu(T value, T slope);

    /// <summary>One bit per lane, lane 0 lowest: <c>left &lt; right</c>.</summary>
    static abstract uint LessThan(T left, T right);
}
