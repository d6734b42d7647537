namespace DcpNas.Protocols.ReIdentification;

/// <summary>Chosen images of one or two sets, one behind the other, with the squared lengths of their features.</summary>
internal sealed class FeatureRows
{
    private readonly FeatureSet[] _sets;
    private readonly int[] _images; // of the second set: counted on from the end of the first

    /// <summary>Takes images; their features must be finite.</summary>
    /// <exception cref="InputException">A number is not finite.</exception>
    public FeatureRows(params (FeatureSet Set, int[] Images, string Name)[] parts)
    {
        _sets = [.. parts.Select(part => part.Set)];
        var first = parts[0].Set.Count;
        _images = [.. parts.SelectMany((part, i) => i == 0 ? part.Images : part.Images.Select(image => image + first))];
        SquaredLengths = new double[_images.Length];
        var row = 0;
        foreach (var (set, images, name) in parts)
        {
            foreach (var image in images)
            {
                SquaredLengths[row] = FeatureProducts.Dot(set.Feature(image), set.Feature(image));
                if (!double.IsFinite(SquaredLengths[row]))
                {
                    throw new InputException($"{name} {image}: the feature must be finite, and so its squared length. The network that gave it is broken: use another checkpoint.");
                }

                row++;
            }
        }

        Lengths = [.. SquaredLengths.Select(Math.Sqrt)];
    }

    /// <summary>Number of images.</summary>
    public int Count => _images.Length;

    /// <summary>Numbers of a feature.</summary>
    public int Dimensions => _sets[0].Dimensions;

    /// <summary>The square of each length, by <see cref="FeatureProducts.Dot"/>.</summary>
    public double[] SquaredLengths { get; }

    /// <summary>Each length.</summary>
    public double[] Lengths { get; }

    /// <summary>The feature of an image.</summary>
    public ReadOnlySpan<float> this[int row]
    {
        get
        {
            var image = _images[row];
            return image < _sets[0].Count ? _sets[0].Feature(image) : _sets[1].Feature(image - _sets[0].Count);
        }
    }

    /// <summary>How far two images are apart, given the product of their features.</summary>
    public static double Distance(FeatureDistance kind, FeatureRows a, int i, FeatureRows b, int j, double product) => kind == FeatureDistance.Cosine
        ? a.Lengths[i] == 0 || b.Lengths[j] == 0 ? 1 : 1 - (product / (a.Lengths[i] * b.Lengths[j]))
        : a.SquaredLengths[i] + b.SquaredLengths[j] - (2 * product);

    /// <summary>How far two images are apart: the same bits as those of a <see cref="DistancePass"/>.</summary>
    public static double Distance(FeatureDistance kind, FeatureRows a, int i, FeatureRows b, int j) => Distance(kind, a, i, b, j, FeatureProducts.Dot(a[i], b[j]));
}
