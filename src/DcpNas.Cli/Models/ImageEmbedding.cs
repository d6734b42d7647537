namespace DcpNas.Cli.Models;

/// <summary>What a model makes of one image.</summary>
/// <param name="File">The image.</param>
/// <param name="Embedding">Empty where the image could not be used.</param>
/// <param name="Problem">Why it could not be used, or null.</param>
internal sealed record ImageEmbedding(string File, IReadOnlyList<float> Embedding, string? Problem);
