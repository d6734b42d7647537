namespace DcpNas.Runtime.Kernels;

/// <summary>A prepared maximum or mean of windows.</summary>
/// <typeparam name="T">float, or short for fixed-point numbers.</typeparam>
internal interface IPool<T>
    where T : unmanaged
{
    /// <summary>Pools some rows. Several threads may do so at once, each on its own rows.</summary>
    /// <param name="input">The whole map.</param>
    /// <param name="output">Receives <paramref name="rowCount"/> rows.</param>
    /// <param name="firstRow">The first row of the output.</param>
    /// <param name="rowCount">Rows.</param>
    /// <exception cref="ArgumentException">A span is too short or a row is outside.</exception>
    void Run(ReadOnlySpan<T> input, Span<T> output, int firstRow, int rowCount);
}
