using DcpNas.Data.Detection;
using DcpNas.Runtime;

namespace DcpNas.Cli.Models;

/// <summary>What a detector says of one image.</summary>
/// <param name="File">The file.</param>
/// <param name="Image">Its pixels; null where it could not be used.</param>
/// <param name="Boxes">Best first.</param>
/// <param name="Problem">Why it could not be used, or null.</param>
internal sealed record ImageBoxes(string File, PixelImage? Image, IReadOnlyList<Detection> Boxes, string? Problem);
