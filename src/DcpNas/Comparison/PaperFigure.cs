namespace DcpNas.Comparison;

/// <summary>A figure of the DCP-NAS paper (arXiv:2306.15390), to be shown beside our own: ImageNet, so the level cannot be compared, only the order.</summary>
/// <param name="Top1">Top-1 accuracy on ImageNet, in percent.</param>
/// <param name="Source">The table, and which network.</param>
public sealed record PaperFigure(double Top1, string Source);
