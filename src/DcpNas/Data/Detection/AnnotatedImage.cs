namespace DcpNas.Data.Detection;

/// <summary>What the annotations say of an image file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Id">Its number.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Boxes">Its objects.</param>
internal sealed record AnnotatedImage(string Path, long Id, int Width, int Height, IReadOnlyList<LabelledBox> Boxes);
