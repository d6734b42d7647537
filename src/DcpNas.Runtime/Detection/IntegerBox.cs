namespace DcpNas.Runtime;

/// <summary>A box in whole numbers, as generated code gives it too.</summary>
/// <param name="Class">From 0, without the background.</param>
/// <param name="Score">0 to 65535, in <see cref="IntegerDetector.Certain"/>ths.</param>
/// <param name="Anchor">The anchor that it came from.</param>
/// <param name="Left">The left edge, 0 to 32768, in <see cref="IntegerDetector.Whole"/>ths of the image.</param>
/// <param name="Top">The top edge.</param>
/// <param name="Right">The right edge.</param>
/// <param name="Bottom">The bottom edge.</param>
public readonly record struct IntegerBox(int Class, int Score, int Anchor, int Left, int Top, int Right, int Bottom)
{
    internal bool IsEmpty => Right <= Left || Bottom <= Top;

    /// <summary>Whether the intersection of both is more than so many 32768ths of their union.</summary>
    internal bool Overlaps(in IntegerBox other, int threshold)
    {
        var width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        var height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        if (width <= 0 || height <= 0)
        {
            return false;
        }

        var both = (long)width * height;
        return both * IntegerDetector.Whole > threshold * (Area + other.Area - both);
    }

    private long Area => (long)(Right - Left) * (Bottom - Top);
}
