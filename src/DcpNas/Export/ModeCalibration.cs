using DcpNas.Runtime;
using static TorchSharp.torch;

namespace DcpNas.Export;

/// <summary>Gives a packed model its fast or its integer mode (docs/model-format.md, sections 7 and 8), with its measured agreement.</summary>
internal static class ModeCalibration
{
    /// <summary>Finds the ranges on the first half of the images and compares both modes on the rest.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="images">Batches <c>[N, C, H, W]</c>, normalised, with their classes or nothing; disposed by the caller.</param>
    /// <param name="count">Images in all.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="bits">Of the integer mode: bits of the numbers that layers hand on to each other, 16 or 8.</param>
    /// <returns>The model with the mode; as it was where there are fewer than two images.</returns>
    /// <exception cref="PackedModelException">A node cannot be computed in integers.</exception>
    public static PackedModel Give(PackedModel model, NumericMode mode, IEnumerable<(Tensor Images, int[] Labels)> images, int count, CancellationToken cancellation, int bits = 16)
    {
        if (count < 2)
        {
            return model;
        }

        using var calibrator = new FixedPointCalibrator(model, mode, mode == NumericMode.Integer ? bits : 16);
        var seen = 0;
        foreach (var (batch, labels) in images)
        {
            for (var i = 0; i < batch.shape[0]; i++, seen++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var numbers = NetworkParameters.Numbers("the image", batch.narrow(0, i, 1));
                if (seen < count / 2)
                {
                    calibrator.Observe(numbers, PixelLayout.Nchw);
                }
                else
                {
                    calibrator.Compare(numbers, PixelLayout.Nchw, labels.AsSpan(labels.Length > 0 ? i..(i + 1) : 0..0));
                }
            }
        }

        return calibrator.Finish();
    }
}
