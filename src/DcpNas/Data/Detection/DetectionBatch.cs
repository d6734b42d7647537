namespace DcpNas.Data.Detection;

/// <summary>A batch before it becomes tensors.</summary>
/// <param name="Images"><c>[N, Height, Width, 3]</c>, normalised.</param>
/// <param name="Objects">The objects of each image, in pixels of <paramref name="Sizes"/>.</param>
/// <param name="Sizes">The size that the boxes refer to: that of the file, or that of the network after augmentation.</param>
/// <param name="Indices">Which images they are.</param>
public sealed record DetectionBatch(
    float[] Images, IReadOnlyList<IReadOnlyList<LabelledBox>> Objects, IReadOnlyList<(int Width, int Height)> Sizes, IReadOnlyList<int> Indices);
