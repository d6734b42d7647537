namespace DcpNas.Runtime;

/// <summary>One resolution at which a detector looks for objects.</summary>
/// <param name="Scores">The output <c>[y][x][anchor][class]</c>, the background first: one number each before softmax.</param>
/// <param name="Boxes">The output <c>[y][x][anchor][4]</c>: the offset of the centre and the logarithms of the sizes, coded by the variances.</param>
/// <param name="Anchors">The sizes at every pixel, at least one.</param>
public sealed record DetectorLevel(string Scores, string Boxes, IReadOnlyList<AnchorSize> Anchors);
