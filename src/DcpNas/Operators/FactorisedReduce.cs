using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>Two 1x1 convolutions of stride 2 side by side, the second shifted by a pixel (DARTS, arXiv:1806.09055).</summary>
/// <remarks>Odd sizes are rounded up; the second convolution then reads zeros beyond the border.</remarks>
internal static class FactorisedReduce
{
    /// <summary>The sums of both, <c>[N, D, ceil(H / 2), ceil(W / 2)]</c>.</summary>
    /// <param name="operand"><c>[N, C, H, W]</c>.</param>
    /// <param name="even">The convolution of the pixels (0, 0), (0, 2), ...</param>
    /// <param name="odd">That of the pixels (1, 1), (1, 3), ...</param>
    public static Tensor Of(Tensor operand, Func<Tensor, Tensor> even, Func<Tensor, Tensor> odd)
    {
        using var scope = NewDisposeScope();
        var sums = even(operand);
        return cat([sums, Fit(odd(Shift(operand)), sums)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>Without the first row and column: an even view of the odd pixels, dense in channels-last memory, which the fast operators want.</summary>
    private static Tensor Shift(Tensor operand) =>
        operand.permute(0, 2, 3, 1).narrow(1, 1, operand.shape[2] - 1).narrow(2, 1, operand.shape[3] - 1).contiguous().permute(0, 3, 1, 2);

    /// <summary>Zeros below and to the right where an odd size was rounded up.</summary>
    private static Tensor Fit(Tensor sums, Tensor like)
    {
        var (rows, columns) = (like.shape[2] - sums.shape[2], like.shape[3] - sums.shape[3]);
        return rows + columns == 0 ? sums : nn.functional.pad(sums, [0, columns, 0, rows]);
    }
}
