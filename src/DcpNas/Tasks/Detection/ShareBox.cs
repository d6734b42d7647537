using DcpNas.Data.Detection;
using DcpNas.Runtime;

namespace DcpNas.Tasks.Detection;

/// <summary>A box in shares of its image, as anchors are measured.</summary>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The top edge.</param>
/// <param name="Right">The right edge.</param>
/// <param name="Bottom">The bottom edge.</param>
public readonly record struct ShareBox(double Left, double Top, double Right, double Bottom)
{
    /// <summary>Width times height.</summary>
    public double Area => (Right - Left) * (Bottom - Top);

    /// <summary>The box of an anchor; may reach beyond the image.</summary>
    public static ShareBox Of(Anchor anchor) =>
        new(anchor.X - (anchor.Width / 2), anchor.Y - (anchor.Height / 2), anchor.X + (anchor.Width / 2), anchor.Y + (anchor.Height / 2));

    /// <summary>The box of an object.</summary>
    /// <param name="box">In pixels.</param>
    /// <param name="width">Columns of its image.</param>
    /// <param name="height">Rows of its image.</param>
    public static ShareBox Of(LabelledBox box, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(box);
        return new(box.Left / width, box.Top / height, box.Right / width, box.Bottom / height);
    }

    /// <summary>The area that both cover.</summary>
    public double IntersectionWith(in ShareBox other)
    {
        var width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        var height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        return width > 0 && height > 0 ? width * height : 0;
    }

    /// <summary>Intersection over union, 0 to 1.</summary>
    public double OverlapWith(in ShareBox other)
    {
        var both = IntersectionWith(other);
        return both > 0 ? both / (Area + other.Area - both) : 0;
    }
}
