namespace DcpNas.Runtime.Kernels;

/// <summary>A 1-bit convolution, prepared once and run on as many maps as wanted.</summary>
/// <remarks>
/// <para><b>Value.</b> The sum over all taps inside of the map, and all input channels (the own channel only where depthwise), of the product of two signs. It is an integer in
/// <c>[-Terms, Terms]</c> and the same on every instruction set.</para>
/// <para><b>Threads.</b> A prepared convolution never changes. Several threads may run it at once on rows and scratch memory of their own. No call allocates.</para>
/// </remarks>
internal abstract unsafe class BinaryConvolution
{
    private const int Alignment = 64;

    /// <summary>Keeps what all kernels have in common.</summary>
    protected BinaryConvolution(ConvolutionGeometry geometry, bool hasRules, InstructionSet set) => (Geometry, HasRules, Set) = (geometry, hasRules, set);

    /// <summary>What a run writes.</summary>
    protected internal enum Result
    {
        /// <summary>Sums as <see cref="short"/>.</summary>
        Sums16,

        /// <summary>Sums as <see cref="int"/>.</summary>
        Sums32,

        /// <summary>Bits.</summary>
        Bits,
    }

    /// <summary>The sizes.</summary>
    public ConvolutionGeometry Geometry { get; }

    /// <summary>Whether bits can be asked for.</summary>
    public bool HasRules { get; }

    /// <summary>The instructions in use.</summary>
    public InstructionSet Set { get; }

    /// <summary>The name of the kernel in use: a set may have several.</summary>
    public abstract string Kernel { get; }

    /// <summary>Prepares a convolution.</summary>
    /// <param name="geometry">Its sizes.</param>
    /// <param name="weights">Sign bits, in words of 64 input channels: <c>[outChannel][ky][kx][block]</c>, or <c>[ky][kx][block]</c> where depthwise; the bits of absent channels are 0.</param>
    /// <param name="rules">How each output channel becomes a bit, or empty where only sums are wanted.</param>
    /// <param name="set">The instructions to use; null lets <see cref="InstructionSets.Choose"/> decide.</param>
    /// <exception cref="ArgumentException">A size or length does not fit, or a weight has bits of absent channels.</exception>
    /// <exception cref="PlatformNotSupportedException">This processor does not have the set.</exception>
    public static BinaryConvolution Create(ConvolutionGeometry geometry, ReadOnlySpan<ulong> weights, ReadOnlySpan<BitRule> rules, InstructionSet? set = null)
    {
        geometry.Check();
        Bounds.Exactly(weights.Length, geometry.WeightWords);
        Bounds.Exactly(rules.Length, rules.IsEmpty ? 0 : geometry.OutChannels);
        for (var index = geometry.Input.Blocks - 1; index < weights.Length; index += geometry.Input.Blocks)
        {
            if ((weights[index] & ~geometry.Input.TailMask) != 0)
            {
                throw new ArgumentException($"weights must have no bits beyond channel {geometry.Input.Channels - 1}, got 0x{weights[index]:x} in word {index}.");
            }
        }

        var chosen = InstructionSets.Choose(set);
        return geometry.Depthwise ? Depthwise.DepthwiseConvolution.Prepare(geometry, weights, rules, chosen) : Dense.DenseConvolution.Prepare(geometry, weights, rules, chosen);
    }

    /// <summary>Bytes of scratch memory that a run of so many rows needs.</summary>
    public int ScratchBytes(int rowCount) => checked(Scratch(rowCount) + Alignment);

    /// <summary>Computes the sums of some rows.</summary>
    /// <param name="input">The whole map.</param>
    /// <param name="output">Receives <paramref name="rowCount"/> rows, <c>[y][x][channel]</c>.</param>
    /// <param name="firstRow">The first row of the output.</param>
    /// <param name="rowCount">Rows.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/>; its content is lost.</param>
    /// <exception cref="ArgumentException">A span is too short, a row is outside, or a sum could exceed 16 bits.</exception>
    public void Sums(ReadOnlySpan<ulong> input, Span<short> output, int firstRow, int rowCount, Span<byte> scratch)
    {
        if (Geometry.Terms > short.MaxValue)
        {
            throw new ArgumentException($"Sums of {Geometry.Terms} products do not fit 16 bits. Ask for 32.");
        }

        Check(input, output.Length, RowValues, firstRow, rowCount, scratch);
        fixed (short* target = output)
        {
            Start(input, Result.Sums16, target, firstRow, rowCount, scratch);
        }
    }

    /// <summary>Computes the sums of some rows as 32-bit integers.</summary>
    /// <inheritdoc cref="Sums(ReadOnlySpan{ulong}, Span{short}, int, int, Span{byte})"/>
    public void Sums(ReadOnlySpan<ulong> input, Span<int> output, int firstRow, int rowCount, Span<byte> scratch)
    {
        Check(input, output.Length, RowValues, firstRow, rowCount, scratch);
        fixed (int* target = output)
        {
            Start(input, Result.Sums32, target, firstRow, rowCount, scratch);
        }
    }

    /// <summary>Computes the bits of some rows: each sum through the rule of its channel.</summary>
    /// <param name="input">The whole map.</param>
    /// <param name="output">Receives <paramref name="rowCount"/> rows, <c>[y][block][x]</c>.</param>
    /// <param name="firstRow">The first row of the output.</param>
    /// <param name="rowCount">Rows.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/>; its content is lost.</param>
    /// <exception cref="ArgumentException">A span is too short, a row is outside, or the convolution was prepared without rules.</exception>
    public void Bits(ReadOnlySpan<ulong> input, Span<ulong> output, int firstRow, int rowCount, Span<byte> scratch)
    {
        if (!HasRules)
        {
            throw new ArgumentException("Bits need rules, but the convolution was prepared without.");
        }

        Check(input, output.Length, Geometry.Output.RowWords, firstRow, rowCount, scratch);
        fixed (ulong* target = output)
        {
            Start(input, Result.Bits, target, firstRow, rowCount, scratch);
        }
    }

    /// <summary>Computes the sums of some rows and what follows them; the sums of all rows are never stored at once where the kernel can help it.</summary>
    /// <param name="input">The whole map.</param>
    /// <param name="epilogue">What follows, with as many channels.</param>
    /// <param name="rows">What it reads and writes besides, large enough for the rows.</param>
    /// <param name="firstRow">The first row of the output.</param>
    /// <param name="rowCount">Rows.</param>
    /// <param name="scratch">At least <see cref="FinishScratchBytes"/>; its content is lost.</param>
    /// <exception cref="ArgumentException">A span is too short, a row is outside, or the channels differ.</exception>
    public void Finish(ReadOnlySpan<ulong> input, SumEpilogue epilogue, in EpilogueRows rows, int firstRow, int rowCount, Span<byte> scratch)
    {
        Bounds.Exactly(epilogue.Channels, Geometry.OutChannels);
        Bounds.Rows(firstRow, rowCount, Geometry.OutHeight);
        Bounds.AtLeast(input.Length, Geometry.Input.WordCount);
        Bounds.AtLeast(scratch.Length, FinishScratchBytes(rowCount));
        if (rowCount == 0)
        {
            return;
        }

        fixed (ulong* source = input)
        fixed (byte* memory = scratch)
        {
            Finish(source, epilogue, in rows, firstRow, rowCount, (byte*)(((nuint)memory + Alignment - 1) & ~(nuint)(Alignment - 1)));
        }
    }

    /// <summary>Bytes of scratch memory that <see cref="Finish(ReadOnlySpan{ulong}, SumEpilogue, in EpilogueRows, int, int, Span{byte})"/> needs for so many rows.</summary>
    public int FinishScratchBytes(int rowCount) => checked(FinishScratch(rowCount) + Alignment);

    /// <summary>Bytes that <see cref="Finish(ulong*, SumEpilogue, in EpilogueRows, int, int, byte*)"/> needs for so many rows.</summary>
    protected internal virtual int FinishScratch(int rowCount) => checked(SumBytes(rowCount) + Scratch(rowCount));

    /// <summary>Runs the kernel and what follows on checked memory: by default one after the other.</summary>
    protected internal virtual void Finish(ulong* input, SumEpilogue epilogue, in EpilogueRows rows, int firstRow, int rowCount, byte* scratch)
    {
        var isShort = Geometry.Terms <= short.MaxValue;
        Run(input, isShort ? Result.Sums16 : Result.Sums32, scratch, firstRow, rowCount, scratch + SumBytes(rowCount));
        if (isShort)
        {
            epilogue.Run(new ReadOnlySpan<short>(scratch, rowCount * RowValues), in rows, rowCount, Geometry.OutWidth);
        }
        else
        {
            epilogue.Run(new ReadOnlySpan<int>(scratch, rowCount * RowValues), in rows, rowCount, Geometry.OutWidth);
        }
    }

    /// <summary>Bytes that <see cref="Run"/> needs for so many rows.</summary>
    protected internal abstract int Scratch(int rowCount);

    /// <summary>Runs the kernel on checked memory.</summary>
    protected internal abstract void Run(ulong* input, Result result, void* output, int firstRow, int rowCount, byte* scratch);

    /// <summary>Bytes of the sums of so many rows, up to the next cache line.</summary>
    private int SumBytes(int rowCount) => checked(((rowCount * RowValues * (Geometry.Terms <= short.MaxValue ? sizeof(short) : sizeof(int))) + Alignment - 1) / Alignment * Alignment);

    private int RowValues => Geometry.OutWidth * Geometry.OutChannels;

    private void Check(ReadOnlySpan<ulong> input, int output, int rowLength, int firstRow, int rowCount, Span<byte> scratch)
    {
        Bounds.Rows(firstRow, rowCount, Geometry.OutHeight);
        Bounds.AtLeast(input.Length, Geometry.Input.WordCount);
        Bounds.AtLeast(output, (long)rowCount * rowLength);
        Bounds.AtLeast(scratch.Length, ScratchBytes(rowCount));
    }

    private void Start(ReadOnlySpan<ulong> input, Result result, void* output, int firstRow, int rowCount, Span<byte> scratch)
    {
        if (rowCount == 0)
        {
            return;
        }

        fixed (ulong* source = input)
        fixed (byte* memory = scratch)
        {
            Run(source, result, output, firstRow, rowCount, (byte*)(((nuint)memory + Alignment - 1) & ~(nuint)(Alignment - 1)));
        }
    }
}
