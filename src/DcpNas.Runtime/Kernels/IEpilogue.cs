namespace DcpNas.Runtime.Kernels;

/// <summary>An epilogue that reads numbers of a type.</summary>
/// <typeparam name="T">float; short for fixed-point numbers and for sums.</typeparam>
internal interface IEpilogue<T>
    where T : unmanaged
{
    /// <summary>Runs on some rows.</summary>
    /// <param name="sums">The numbers, <c>[rowCount][width][channel]</c>.</param>
    /// <param name="rows">What else is read and written, large enough for the rows.</param>
    /// <param name="rowCount">Rows.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <exception cref="ArgumentException">There are too few numbers.</exception>
    void Run(ReadOnlySpan<T> sums, in EpilogueRows rows, int rowCount, int width);
}
