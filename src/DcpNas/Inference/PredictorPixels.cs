using DcpNas.Data;
using DcpNas.Data.Detection;

namespace DcpNas.Inference;

/// <summary>Reads an image file as the training of a network did.</summary>
internal static class PredictorPixels
{
    /// <summary>The pixels that a network reads, and the image with what a result needs of it.</summary>
    /// <param name="file">The image file.</param>
    /// <param name="kind">What the network says of it: where boxes, the whole image is kept.</param>
    /// <param name="size">Rows, columns and channels that the network reads.</param>
    /// <param name="isStretched">Whether each side is brought to the size by itself, instead of a cut.</param>
    /// <param name="resizeTo">The shorter side before the cut; null: that of the cut.</param>
    /// <exception cref="InputException">The file cannot be decoded completely.</exception>
    public static (byte[] Pixels, ImageResult Image) Read(string file, PredictionKind kind, (int Height, int Width, int Channels) size, bool isStretched, int? resizeTo)
    {
        var result = new ImageResult(file);
        if (kind == PredictionKind.Boxes)
        {
            var image = ImageScaling.Read(file);
            return (ImageScaling.Scale(image, size.Height, size.Width), result with { Image = image });
        }

        return (isStretched
            ? ImageFiles.ReadStretched(file, size.Height, size.Width, size.Channels)
            : ImageFiles.Read(file, resizeTo, size.Height, size.Width, size.Channels), result);
    }
}
