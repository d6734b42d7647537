using DcpNas.Runtime;

namespace DcpNas.Tasks.Detection;

/// <summary>Boxes as numbers relative to an anchor: the inverse of <see cref="DetectionDecoder.Decode(Anchor, ReadOnlySpan{float}, DetectorSettings)"/>.</summary>
/// <remarks><c>tx = (x - xa) / wa / vc</c>, <c>tw = log(w / wa) / vs</c>, and likewise y and h. SSD, arXiv:1512.02325, with its variances.</remarks>
public static class BoxCoding
{
    /// <summary>The four numbers of a box.</summary>
    /// <param name="anchor">What they are relative to.</param>
    /// <param name="box">Not empty.</param>
    /// <param name="settings">The variances.</param>
    public static (double X, double Y, double Width, double Height) Encode(Anchor anchor, in ShareBox box, DetectorSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return (
            (((box.Left + box.Right) / 2) - anchor.X) / anchor.Width / settings.CentreVariance,
            (((box.Top + box.Bottom) / 2) - anchor.Y) / anchor.Height / settings.CentreVariance,
            Math.Log((box.Right - box.Left) / anchor.Width) / settings.SizeVariance,
            Math.Log((box.Bottom - box.Top) / anchor.Height) / settings.SizeVariance);
    }
}
