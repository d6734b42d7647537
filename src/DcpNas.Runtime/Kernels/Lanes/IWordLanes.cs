namespace DcpNas.Runtime.Kernels.Lanes;

/// <summary>Several words side by side, so that logic on bits is written once for every vector width.</summary>
/// <typeparam name="T">The vector.</typeparam>
internal unsafe interface IWordLanes<T>
    where T : struct
{
    /// <summary>Words of a vector.</summary>
    static abstract int Count { get; }

    /// <summary>All bits 1.</summary>
    static abstract T Ones { get; }

    static abstract T Load(ulong* source);

    /// <summary>One word in every lane.</summary>
    static abstract T Broadcast(ulong* source);

    static abstract void Store(T value, ulong* target);

    static abstract T Xor(T left, T right);

    static abstract T And(T left, T right);

    /// <summary>Exclusive or of three: the sum bit of a full adder.</summary>
    static abstract T Parity(T a, T b, T c);

    /// <summary>At least two of three: the carry bit of a full adder.</summary>
    static abstract T Majority(T a, T b, T c);

    /// <summary>One digit of the comparison <c>value &gt;= threshold</c>, from the lowest digit up.</summary>
    /// <param name="value">Digit of the value.</param>
    /// <param name="threshold">Digit of the threshold.</param>
    /// <param name="below">Outcome of the digits below.</param>
    static abstract T AtLeast(T value, T threshold, T below);
}
