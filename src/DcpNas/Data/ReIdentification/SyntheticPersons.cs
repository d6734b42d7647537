using System.Globalization;

namespace DcpNas.Data.ReIdentification;

/// <summary>Synthetic persons whose clothes tell them apart, seen by four cameras; made when read, from (seed, person, camera, image).</summary>
/// <remarks>
/// A person is a set of clothes: colours and pattern of the shirt, sleeves, trousers, shorts or skirt, shoes, hair, skin, a bag. A camera is a background,
/// a colour of light and noise. An image adds pose, place, size, light, the side that is seen and, in one of five, something that stands before the
/// person. Training persons come first; the test persons and one distractor (number 0, another person seen once) for each of them follow. Per camera, every
/// training person has three images, every test person one query and two gallery images.
/// </remarks>
public sealed class SyntheticPersons : IPersonImages
{
    /// <summary>Cameras, numbered from 1.</summary>
    public const int Cameras = 4;

    private const int TrainImages = 3, QueryImages = 1, GalleryImages = 2;
    private readonly PersonDatasetOptions _options;
    private readonly SyntheticPart _part;
    private readonly int _persons;
    private readonly int _first;
    private readonly int _perCamera;

    /// <summary>Names the images; none is drawn before it is read.</summary>
    /// <param name="options">Sizes, numbers and seed.</param>
    /// <param name="part">Which images.</param>
    public SyntheticPersons(PersonDatasetOptions options, SyntheticPart part)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _part) = (options, part);
        (_persons, _first) = part == SyntheticPart.Train ? (options.SyntheticIdentities, 1) : (options.SyntheticTestIdentities, options.SyntheticIdentities + 1);
        _perCamera = part switch { SyntheticPart.Train => TrainImages, SyntheticPart.Query => QueryImages, _ => GalleryImages };
        var numbers = Enumerable.Range(_first, _persons);
        ClassNames = [.. (HasDistractors ? numbers.Prepend(PersonDataset.Distractor) : numbers).Select(number => number.ToString(CultureInfo.InvariantCulture))];
    }

    /// <inheritdoc/>
    public string Name => "synthetic persons";

    /// <inheritdoc/>
    public int Count => OfPersons + (HasDistractors ? _persons : 0);

    /// <inheritdoc/>
    public int Channels => 3;

    /// <inheritdoc/>
    public int Height => _options.Height;

    /// <inheritdoc/>
    public int Width => _options.Width;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    private int PerPerson => Cameras * _perCamera;

    private int OfPersons => _persons * PerPerson;

    private bool HasDistractors => _part == SyntheticPart.Gallery;

    /// <inheritdoc/>
    public int Label(int index) => IsDistractor(index) ? 0 : (index / PerPerson) + (HasDistractors ? 1 : 0);

    /// <inheritdoc/>
    public int Identity(int index) => IsDistractor(index) ? PersonDataset.Distractor : _first + (index / PerPerson);

    /// <inheritdoc/>
    public int Camera(int index) => 1 + (IsDistractor(index) ? index % Cameras : index % PerPerson / _perCamera);

    /// <inheritdoc/>
    public string ImageName(int index) => FormattableString.Invariant($"{_part.ToString().ToLowerInvariant()}/{Identity(index):0000}_c{Camera(index)}_{index}");

    /// <inheritdoc/>
    public void ReadPixels(int index, Span<byte> chw)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var person = IsDistractor(index) ? _first + _persons + index - OfPersons : Identity(index);
        PersonPainter.Paint(_options.SyntheticSeed, person, Camera(index), ((long)_part << 32) + index, Height, Width, chw[..(3 * Height * Width)]);
    }

    private bool IsDistractor(int index) => index >= OfPersons;
}
