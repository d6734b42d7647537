using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>How 8-bit pixels become the numbers that a network reads: <see cref="PixelNormalization"/>.</summary>
/// <param name="Mean">One per channel, for pixels scaled to 0..1.</param>
/// <param name="StandardDeviation">One per channel, above 0.</param>
/// <param name="Resize">Where the network was evaluated on centre crops: the shorter side, in pixels, to which images are scaled before the crop; else null. For whoever decodes images.</param>
public sealed record Preprocessing(IReadOnlyList<double> Mean, IReadOnlyList<double> StandardDeviation, int? Resize = null)
{
    /// <summary>How images of another size are brought to that of the input. Default Crop.</summary>
    public ImageFit Fit { get; init; }

    internal void Check(int channels)
    {
        const string Place = "the preprocessing";
        NodeCheck.Length(Place, "mean", Mean.Count, channels);
        NodeCheck.Length(Place, "std", StandardDeviation.Count, channels);
        for (var channel = 0; channel < channels; channel++)
        {
            if (!double.IsFinite(Mean[channel]))
            {
                throw new ModelFaultException(Place, "a finite mean", $"{Mean[channel]}");
            }

            if (!double.IsFinite(StandardDeviation[channel]) || StandardDeviation[channel] <= 0)
            {
                throw new ModelFaultException(Place, "a standard deviation above 0", $"{StandardDeviation[channel]}");
            }
        }

        if (Resize is { } side)
        {
            NodeCheck.Range(Place, "resize", side, 1, ModelLimits.Side);
            if (Fit == ImageFit.Stretch)
            {
                throw new ModelFaultException(Place, "no resize where images are stretched", $"{side}");
            }
        }
    }
}
