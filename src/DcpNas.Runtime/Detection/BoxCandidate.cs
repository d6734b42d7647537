namespace DcpNas.Runtime;

/// <summary>A box with its class and score, in shares of the image.</summary>
/// <param name="Class">From 0, without the background.</param>
/// <param name="Score">0 to 1.</param>
/// <param name="Anchor">The anchor that it came from.</param>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The top edge.</param>
/// <param name="Right">The right edge.</param>
/// <param name="Bottom">The bottom edge.</param>
public readonly record struct BoxCandidate(int Class, double Score, int Anchor, double Left, double Top, double Right, double Bottom)
{
    /// <summary>Intersection over union, 0 to 1; 0 where either box is empty.</summary>
    public double OverlapWith(in BoxCandidate other)
    {
        var width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        var height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        if (!(width > 0 && height > 0))
        {
            return 0;
        }

        var both = width * height;
        return both / (((Right - Left) * (Bottom - Top)) + ((other.Right - other.Left) * (other.Bottom - other.Top)) - both);
    }
}
