namespace DcpNas.Data.Detection;

/// <summary>Synthetic shapes of many sizes on textured ground with the boxes around them; made when read, from (seed, split, index).</summary>
/// <remarks>
/// One to four shapes of five classes (disc, ring, square, triangle, cross) per image, at random places, sizes, angles, colours and contrasts, lighter or darker than the ground. Boxes hardly overlap.
/// </remarks>
public sealed class SyntheticScenes : IDetectionDataset
{
    private static readonly string[] Names = ["disc", "ring", "square", "triangle", "cross"];

    // Names this use of the seed among the streams of SeededRandom.
    private const long Stream = 0x7363656e65;

    private readonly long _seed;
    private readonly bool _test;
    private readonly int _side;
    private readonly (PixelImage Image, IReadOnlyList<LabelledBox> Boxes)?[] _scenes;
    private readonly Lock _gate = new();

    /// <summary>Names the images; none is drawn before it is read.</summary>
    /// <param name="seed">Another seed gives other images.</param>
    /// <param name="count">Number of images, at least 1.</param>
    /// <param name="side">Rows and columns, at least 32.</param>
    /// <param name="test">Test images share no stream of random numbers with training images.</param>
    public SyntheticScenes(long seed, int count, int side, bool test)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 32);
        (_seed, _side, _test) = (seed, side, test);
        _scenes = new (PixelImage, IReadOnlyList<LabelledBox>)?[count];
    }

    /// <inheritdoc/>
    public string Name => "synthetic scenes";

    /// <inheritdoc/>
    public int Count => _scenes.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => Names;

    /// <inheritdoc/>
    public string ImageName(int index) => $"{(_test ? "test" : "train")}-{index}";

    /// <inheritdoc/>
    public long ImageId(int index) => index;

    /// <inheritdoc/>
    public (int Width, int Height) Size(int index) => (_side, _side);

    /// <inheritdoc/>
    public IReadOnlyList<LabelledBox> Boxes(int index) => Scene(index).Boxes;

    /// <inheritdoc/>
    public PixelImage Read(int index) => Scene(index).Image;

    private (PixelImage Image, IReadOnlyList<LabelledBox> Boxes) Scene(int index)
    {
        lock (_gate)
        {
            if (_scenes[index] is { } drawn)
            {
                return drawn;
            }
        }

        var pixels = new byte[3 * _side * _side];
        var boxes = ScenePainter.Paint(new SeededRandom(_seed, Stream, _test ? 1 : 0, index), _side, Names.Length, pixels);
        var scene = (new PixelImage(_side, _side, pixels), boxes);
        lock (_gate)
        {
            _scenes[index] = scene;
        }

        return scene;
    }
}
