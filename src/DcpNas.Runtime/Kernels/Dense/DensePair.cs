namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>Two kernels of one convolution: one for bits and for sums that go to an epilogue, one for sums that are stored.</summary>
/// <param name="bits">Gives the bits, and finishes.</param>
/// <param name="sums">Gives the sums.</param>
internal sealed unsafe class DensePair(BinaryConvolution bits, BinaryConvolution sums) : BinaryConvolution(bits.Geometry, bits.HasRules, bits.Set)
{
    /// <inheritdoc/>
    public override string Kernel => $"{bits.Kernel}; sums: {sums.Kernel}";

    /// <inheritdoc/>
    protected internal override int Scratch(int rowCount) => Math.Max(bits.Scratch(rowCount), sums.Scratch(rowCount));

    /// <inheritdoc/>
    protected internal override void Run(ulong* input, Result result, void* output, int firstRow, int rowCount, byte* scratch) =>
        (result == Result.Bits ? bits : sums).Run(input, result, output, firstRow, rowCount, scratch);

    /// <inheritdoc/>
    protected internal override int FinishScratch(int rowCount) => bits.FinishScratch(rowCount);

    /// <inheritdoc/>
    protected internal override void Finish(ulong* input, SumEpilogue epilogue, in EpilogueRows rows, int firstRow, int rowCount, byte* scratch) =>
        bits.Finish(input, epilogue, in rows, firstRow, rowCount, scratch);
}
