namespace DcpNas.Runtime;

/// <summary>Brings decoded images to the size that a model reads, as its training did: turned upright, scaled and cut as <see cref="Preprocessing"/> says. Thread-safe.</summary>
/// <remarks>
/// Decoding stays with the caller, whose decoder it is. What is left, the numbers that pixels become, <see cref="PackedRunner.Run(ReadOnlySpan{byte}, PixelLayout)"/> does:
/// <code>
/// var preparer = new ImagePreparer(model);
/// runner.Run(preparer.Prepare(new DecodedImage(pixels, width, height, PixelFormat.Rgba, orientation)));
/// </code>
/// The rules and the filter are those of docs/model-format.md, section 2.
/// </remarks>
public sealed class ImagePreparer
{
    private readonly int _height;
    private readonly int _width;
    private readonly int _channels;
    private readonly int _shorter;
    private readonly bool _stretch;

    /// <summary>Prepares images for a model.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="PackedModelException">It does not say how pixels become numbers, or reads neither colours nor grey.</exception>
    public ImagePreparer(PackedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var preprocessing = model.Info.Preprocessing
            ?? throw new PackedModelException("The model does not say how pixels become numbers (preprocessing). Normalise images yourself and run numbers.");
        (_height, _width, _channels) = (model.Graph.Input.Height, model.Graph.Input.Width, model.Graph.Input.Channels);
        if (_channels is not (1 or 3))
        {
            throw new PackedModelException($"The model reads {_channels} channels, but images have 3 (or 1 as grey).");
        }

        _stretch = preprocessing.Fit == ImageFit.Stretch || model.Info.Detector is not null;
        _shorter = preprocessing.Resize ?? 0;
    }

    /// <summary>Bytes of a prepared image.</summary>
    public int Length => _height * _width * _channels;

    /// <summary>The most pixels that a scaled image may have before the centre is cut out; a strip of 1 x 10,000 pixels becomes much larger than it was. Default 2^27.</summary>
    public long MostScaledPixels { get; init; } = 1L << 27;

    /// <summary>Prepares an image.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The pixels that the model reads.</returns>
    /// <exception cref="ArgumentException">Scaled, the image would be too large.</exception>
    public byte[] Prepare(DecodedImage image)
    {
        var pixels = new byte[Length];
        Prepare(image, pixels);
        return pixels;
    }

    /// <summary>Prepares an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="destination">Receives <see cref="Length"/> bytes: the pixels that the model reads.</param>
    /// <exception cref="ArgumentException">Scaled, the image would be too large, or the destination is too short.</exception>
    public void Prepare(DecodedImage image, Span<byte> destination)
    {
        if (destination.Length < Length)
        {
            throw new ArgumentException($"The destination must hold {Length} bytes, got {destination.Length}.", nameof(destination));
        }

        var (width, height) = _stretch ? (_width, _height) : ScaledSize(image.Width, image.Height, _shorter, _width, _height);
        if ((double)width * height > MostScaledPixels)
        {
            throw new ArgumentException($"An image of {image.Width} x {image.Height} pixels would be scaled to {width:0} x {height:0}, more than {MostScaledPixels} pixels.", nameof(image));
        }

        var part = new ImagePart(((int)width - _width) / 2, ((int)height - _height) / 2, _width, _height);
        if (_channels == 3)
        {
            ImageScaler.Scale(image, (int)width, (int)height, part, destination);
            return;
        }

        var rgb = new byte[3 * Length];
        ImageScaler.Scale(image, (int)width, (int)height, part, rgb);
        for (var i = 0; i < Length; i++)
        {
            destination[i] = Grey(rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]);
        }
    }

    /// <summary>Brightness of a colour: luma of Rec. 601, <c>(299 r + 587 g + 114 b) / 1000</c>, rounded half up.</summary>
    public static byte Grey(byte red, byte green, byte blue) => (byte)(((299 * red) + (587 * green) + (114 * blue) + 500) / 1000);

    /// <summary>The size at which the shorter side has so many pixels, or as many as the cut needs.</summary>
    /// <param name="width">Columns of the image.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="shorter">Pixels of the shorter side; 0 for as few as the cut needs.</param>
    /// <param name="cutWidth">Columns of the cut.</param>
    /// <param name="cutHeight">Rows of the cut.</param>
    /// <returns>Whole numbers, which may be larger than any image.</returns>
    public static (double Width, double Height) ScaledSize(int width, int height, int shorter, int cutWidth, int cutHeight)
    {
        var scale = double.Max((double)shorter / int.Min(width, height), double.Max((double)cutHeight / height, (double)cutWidth / width));
        return (double.Max(cutWidth, double.Round(width * scale)), double.Max(cutHeight, double.Round(height * scale)));
    }
}
