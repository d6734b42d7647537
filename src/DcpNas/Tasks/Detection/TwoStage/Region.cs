using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>A part of an image that the second stage looks at.</summary>
/// <param name="Image">The image in its batch.</param>
/// <param name="Box">In shares of the image.</param>
/// <param name="IsObject">Whether it is the box of an object, which is learned beside the proposals, and no proposal.</param>
internal readonly record struct Region(int Image, ShareBox Box, bool IsObject = false)
{
    private const int Numbers = 6;

    /// <summary>Regions as an output of a head: float64 <c>[regions, 6]</c> on the CPU: image, left, top, right, bottom, 1 for the box of an object.</summary>
    public static Tensor ToTensor(IReadOnlyList<Region> regions) => tensor(
        [.. regions.SelectMany(region => (double[])[region.Image, region.Box.Left, region.Box.Top, region.Box.Right, region.Box.Bottom, region.IsObject ? 1 : 0])],
        [regions.Count, Numbers], device: CPU);

    /// <summary>The regions of such an output.</summary>
    public static IReadOnlyList<Region> Of(Tensor output) =>
        [.. OutputNumbers.InDouble(output).Chunk(Numbers).Select(row => new Region((int)row[0], new ShareBox(row[1], row[2], row[3], row[4]), row[5] != 0))];
}
