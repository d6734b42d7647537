namespace DcpNas.Runtime;

/// <summary>How a camera has stored a photo, as EXIF says it (tag 0x0112): where the first stored row and the first stored column of the upright picture lie.</summary>
public enum ImageOrientation
{
    /// <summary>Stored upright: the first row is the top, the first column the left side.</summary>
    TopLeft = 1,

    /// <summary>Mirrored: the first column is the right side.</summary>
    TopRight = 2,

    /// <summary>Turned by 180 degrees.</summary>
    BottomRight = 3,

    /// <summary>Upside down and mirrored: the first row is the bottom.</summary>
    BottomLeft = 4,

    /// <summary>The first row is the left side, the first column the top.</summary>
    LeftTop = 5,

    /// <summary>The first row is the right side, the first column the top: a phone held upright. Shown turned clockwise by 90 degrees.</summary>
    RightTop = 6,

    /// <summary>The first row is the right side, the first column the bottom.</summary>
    RightBottom = 7,

    /// <summary>The first row is the left side, the first column the bottom. Shown turned counter-clockwise by 90 degrees.</summary>
    LeftBottom = 8,
}
