namespace DcpNas.Runtime.Kernels;

/// <summary>What follows a 1-bit convolution, on float32 (<see cref="Epilogue"/>) or on fixed-point numbers (<see cref="Fixed.FixedEpilogue"/>).</summary>
internal abstract unsafe class SumEpilogue : IEpilogue<short>
{
    /// <summary>The most signs that are taken in one pass.</summary>
    public const int MostSigns = 4;

    /// <summary>Channels.</summary>
    public abstract int Channels { get; }

    /// <summary>Runs on 16-bit sums.</summary>
    /// <param name="sums">The sums, <c>[rowCount][width][channel]</c>.</param>
    /// <param name="rows">What else is read and written, large enough for the rows.</param>
    /// <param name="rowCount">Rows.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <exception cref="ArgumentException">There are too few sums.</exception>
    public abstract void Run(ReadOnlySpan<short> sums, in EpilogueRows rows, int rowCount, int width);

    /// <summary>Runs on 32-bit sums; on floats only.</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{short}, in EpilogueRows, int, int)"/>
    public abstract void Run(ReadOnlySpan<int> sums, in EpilogueRows rows, int rowCount, int width);

    /// <summary>Runs on the sums of some pixels of some blocks; only with AVX-512.</summary>
    /// <param name="sums">The sums, <c>[pixel][block][64]</c>, absent channels included.</param>
    /// <param name="block">The first block.</param>
    /// <param name="blocks">Blocks.</param>
    /// <param name="rows">What else is read and written.</param>
    /// <param name="firstPixel">The first pixel of these rows.</param>
    /// <param name="pixels">Pixels.</param>
    /// <param name="width">Pixels of a row.</param>
    public abstract void Tile(short* sums, int block, int blocks, in EpilogueRows rows, int firstPixel, int pixels, int width);
}
