namespace DcpNas.Data;

/// <summary>The usable images of a split.</summary>
/// <param name="Name">"train" or "test"; of persons "train", "query" or "gallery".</param>
/// <param name="Count">Number of images.</param>
/// <param name="PerClass">Number of images of each label; of images with boxes, of those that show it.</param>
public sealed record CheckedSplit(string Name, int Count, IReadOnlyList<int> PerClass);
