namespace DcpNas.Protocols.Detection;

/// <summary>An image of a COCO annotation file.</summary>
/// <param name="Id">Its number.</param>
/// <param name="FileName">The name of its file, where given.</param>
/// <param name="Width">Pixels, where given.</param>
/// <param name="Height">Pixels, where given.</param>
public sealed record CocoImageEntry(long Id, string? FileName = null, int? Width = null, int? Height = null);
