using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>A 1-bit convolution; gives sums or bits, or what an affine function makes of its sums.</summary>
internal sealed class BinaryLayer : Layer
{
    private const int EnoughScratch = 1 << 26;

    private readonly BinaryConvolution _kernel;
    private readonly Operand _input;
    private readonly Operand _output; // of a finished layer the sums, which are stored nowhere
    private readonly Finish? _finish;
    private readonly int _rowsAtOnce;

    /// <summary>Prepares the layer.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">Bits.</param>
    /// <param name="output">Bits or sums.</param>
    /// <param name="set">The instructions.</param>
    /// <param name="maxBytes">The most that tables and scratch may take each.</param>
    /// <exception cref="PackedModelException">They take more.</exception>
    public BinaryLayer(BinaryConvolutionNode node, Operand input, Operand output, InstructionSet set, long maxBytes)
        : this(node, input, output, null, set, maxBytes)
    {
    }

    /// <summary>Prepares the layer together with the affine function that reads its sums.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">Bits.</param>
    /// <param name="sums">The shape of the sums.</param>
    /// <param name="finish">What follows.</param>
    /// <param name="set">The instructions.</param>
    /// <param name="maxBytes">The most that tables and scratch may take each.</param>
    /// <exception cref="PackedModelException">They take more.</exception>
    public BinaryLayer(BinaryConvolutionNode node, Operand input, ValueShape sums, Finish finish, InstructionSet set, long maxBytes)
        : this(node, input, new Operand(sums, default), finish, set, maxBytes)
    {
    }

    private BinaryLayer(BinaryConvolutionNode node, Operand input, Operand output, Finish? finish, InstructionSet set, long maxBytes)
    {
        (_input, _output, _finish) = (input, output, finish);
        if (node.Weights.Depthwise && TableBytes(node, output.Shape) > maxBytes)
        {
            throw TooLarge(node, maxBytes);
        }

        try
        {
            var geometry = Kernel.Geometry(node.Geometry, input.Shape, output.Shape, node.Weights.Depthwise);
            _kernel = BinaryConvolution.Create(geometry, node.Weights.Words.Span, Kernel.Rules(node), set);
            _rowsAtOnce = Rows;
            while (_rowsAtOnce > 1 && ScratchFor(_rowsAtOnce) > EnoughScratch)
            {
                _rowsAtOnce = (_rowsAtOnce + 1) / 2;
            }

            ScratchBytes = KernelScratch(_rowsAtOnce);
        }
        catch (OverflowException)
        {
            throw TooLarge(node, maxBytes); // kernels count bytes in checked arithmetic
        }

        if (ScratchBytes > long.Max(maxBytes, EnoughScratch))
        {
            throw TooLarge(node, maxBytes);
        }
    }

    public override int Rows => _output.Shape.Height;

    public override int ScratchBytes { get; }

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var source = _input.In<ulong>(memory);
        for (var row = firstRow; row < firstRow + rowCount; row += _rowsAtOnce)
        {
            var rows = int.Min(_rowsAtOnce, firstRow + rowCount - row);
            if (_finish is not null)
            {
                _kernel.Finish(source, _finish.Kernel, _finish.Rows(memory, row, rows), row, rows, scratch);
            }
            else if (_output.Shape.Kind == ValueKind.Bits)
            {
                _kernel.Bits(source, _output.Rows<ulong>(memory, row, rows), row, rows, scratch);
            }
            else if (_output.Shape.ShortSums)
            {
                _kernel.Sums(source, _output.Rows<short>(memory, row, rows), row, rows, scratch);
            }
            else
            {
                _kernel.Sums(source, _output.Rows<int>(memory, row, rows), row, rows, scratch);
            }
        }
    }

    /// <summary>More than the tables of a depthwise kernel take: thresholds of at most 16 binary digits for every row of pixels that has borders of its own.</summary>
    private static long TableBytes(BinaryConvolutionNode node, ValueShape output) =>
        16L * sizeof(ulong) * int.Min(output.Height, (2 * node.Geometry.Kernel) + 1) * output.Blocks * (output.Width + 8);

    private static PackedModelException TooLarge(BinaryConvolutionNode node, long maxBytes) => new(
        $"Node '{node.Name}' takes more working memory than the {maxBytes} bytes that are allowed. Raise {nameof(PackedRunnerOptions.MaxImageBytes)} if you trust the model.");

    private int KernelScratch(int rows) => _finish is null ? _kernel.ScratchBytes(rows) : _kernel.FinishScratchBytes(rows);

    private long ScratchFor(int rows)
    {
        try
        {
            return KernelScratch(rows);
        }
        catch (OverflowException)
        {
            return long.MaxValue;
        }
    }
}
