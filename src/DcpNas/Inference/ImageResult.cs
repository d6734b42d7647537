using DcpNas.Data.Detection;
using DcpNas.Runtime;

namespace DcpNas.Inference;

/// <summary>What a network says of one image.</summary>
/// <param name="File">The image.</param>
public sealed record ImageResult(string File)
{
    /// <summary>Why the image could not be used; null where it could.</summary>
    public string? Problem { get; init; }

    /// <summary>Classes, the most probable first.</summary>
    public IReadOnlyList<Prediction> Classes { get; init; } = [];

    /// <summary>The embedding.</summary>
    public IReadOnlyList<float> Embedding { get; init; } = [];

    /// <summary>Numbers by their names, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Values { get; init; } = [];

    /// <summary>Objects, the best first, in pixels of the image.</summary>
    public IReadOnlyList<Detection> Boxes { get; init; } = [];

    /// <summary>The pixels in which objects were looked for; null for other networks.</summary>
    public PixelImage? Image { get; init; }
}
