namespace DcpNas.Data;

/// <summary>The usable images of a split.</summary>
/// <param name="Name">"train" or "test".</param>
/// <param name="Count">Number of images.</param>
/// <param name="PerClass">Number of images of each label.</param>
public sealed record CheckedSplit(string Name, int Count, IReadOnlyList<int> PerClass);
