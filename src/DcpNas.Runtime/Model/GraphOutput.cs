namespace DcpNas.Runtime.Model;

/// <summary>A result of a graph.</summary>
/// <param name="Name">What callers ask for; a classifier calls it <see cref="Logits"/>, a re-identification network <see cref="Embedding"/>.</param>
/// <param name="Value">The value that it is; of reals.</param>
public sealed record GraphOutput(string Name, string Value)
{
    /// <summary>One number per class before softmax.</summary>
    public const string Logits = "logits";

    /// <summary>The pooled features of an image.</summary>
    public const string Embedding = "embedding";
}
