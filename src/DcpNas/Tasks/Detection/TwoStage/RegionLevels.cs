using DcpNas.Cost;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>Says from which map of the pyramid a region is cut: FPN, arXiv:1612.03144, equation 1.</summary>
/// <remarks>
/// <c>k = floor(4 + log2(sqrt(w h) / 224))</c> for strides <c>2^k</c> and w, h in pixels of the image: the coarsest map on which the region is still <see cref="LeastPixels"/> = 224 / 2^4 pixels
/// wide, as a square of its area; the finest one where it is that on none.
/// </remarks>
internal static class RegionLevels
{
    /// <summary>Pixels of a map that a region has at least.</summary>
    public const double LeastPixels = 14;

    /// <summary>The index of the map.</summary>
    /// <param name="box">In shares of the image.</param>
    /// <param name="maps">The maps, finest first.</param>
    public static int Of(in ShareBox box, IReadOnlyList<FeatureMap> maps)
    {
        var level = 0;
        for (var other = 1; other < maps.Count; other++)
        {
            level = Math.Sqrt(box.Area * maps[other].Height * maps[other].Width) >= LeastPixels ? other : level;
        }

        return level;
    }
}
