namespace DcpNas.Protocols.ReIdentification;

/// <summary>Images of persons as a network sees them: a feature each, who it is, and which camera took it.</summary>
public sealed class FeatureSet
{
    /// <summary>Someone who is not to be evaluated: dropped.</summary>
    public const int Junk = -1;

    /// <summary>Nobody who is searched for: stays in the gallery as a negative.</summary>
    public const int Distractor = 0;

    private readonly ReadOnlyMemory<float> _features;

    /// <summary>Takes features as they lie in memory; nothing is copied.</summary>
    /// <param name="features">Row by row, <c>[identities.Count, dimensions]</c>.</param>
    /// <param name="dimensions">Numbers of a feature, at least 1.</param>
    /// <param name="identities">Who it is: from 1, <see cref="Distractor"/> or <see cref="Junk"/>.</param>
    /// <param name="cameras">The number of the camera.</param>
    /// <exception cref="ArgumentException">The lengths do not belong together.</exception>
    public FeatureSet(ReadOnlyMemory<float> features, int dimensions, IReadOnlyList<int> identities, IReadOnlyList<int> cameras)
    {
        ArgumentNullException.ThrowIfNull(identities);
        ArgumentNullException.ThrowIfNull(cameras);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        if (features.Length != (long)identities.Count * dimensions)
        {
            throw new ArgumentException($"features must hold {dimensions} values for each of {identities.Count} identities, got {features.Length}.", nameof(features));
        }

        if (cameras.Count != identities.Count)
        {
            throw new ArgumentException($"cameras must hold one number for each of {identities.Count} identities, got {cameras.Count}.", nameof(cameras));
        }

        _features = features;
        (Dimensions, Identities, Cameras) = (dimensions, identities, cameras);
    }

    /// <summary>Number of images.</summary>
    public int Count => Identities.Count;

    /// <summary>Numbers of a feature.</summary>
    public int Dimensions { get; }

    /// <summary>Who is on each image.</summary>
    public IReadOnlyList<int> Identities { get; }

    /// <summary>The camera of each image.</summary>
    public IReadOnlyList<int> Cameras { get; }

    /// <summary>The feature of an image.</summary>
    public ReadOnlySpan<float> Feature(int image) => _features.Span.Slice(image * Dimensions, Dimensions);
}
