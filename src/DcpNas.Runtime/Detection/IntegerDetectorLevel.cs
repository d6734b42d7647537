namespace DcpNas.Runtime;

/// <summary>A <see cref="DetectorLevel"/> in whole numbers.</summary>
/// <param name="Scores">The output of the scores.</param>
/// <param name="Boxes">The output of the boxes.</param>
/// <param name="Height">Rows of both.</param>
/// <param name="Width">Columns of both.</param>
/// <param name="Score">What a difference of scores is multiplied by: 4096ths of a power of 2.</param>
/// <param name="Size">What tw and th are multiplied by: 4096ths of a power of 2.</param>
/// <param name="Anchors">The sizes at every pixel.</param>
public sealed record IntegerDetectorLevel(string Scores, string Boxes, int Height, int Width, IntegerFactor Score, IntegerFactor Size, IReadOnlyList<IntegerAnchor> Anchors);
