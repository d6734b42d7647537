namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>Estimates of the cycles that the two kernels of AVX-512 need for bits, good enough to tell which one is faster.</summary>
/// <remarks>A step of a tile takes half a cycle per look-up, or a little more than half a cycle per load where loads are scarcer; the other constants were fitted to measurements.</remarks>
internal static class DenseCost
{
    private const int Lanes = 64;
    private const int MostChannelVectors = 4;
    private const int MostPixelVectors = 3;
    private const int OneSegment = 42; // steps of six that a byte counts

    /// <summary>Of <see cref="DenseChannelLanes"/>.</summary>
    public static double ChannelLanes(ConvolutionGeometry geometry)
    {
        var blocks = geometry.Output.Blocks;
        var step = (blocks / MostChannelVectors * Step(ChannelTile.Pixels, MostChannelVectors)) + Step(ChannelTile.Pixels, blocks % MostChannelVectors);
        var pixels = (double)geometry.OutHeight * geometry.OutWidth;
        return (pixels / ChannelTile.Pixels * step * Steps(geometry)) + (pixels * blocks * (18 + (Steps(geometry) / 10.0))) + (pixels * geometry.Input.Blocks * geometry.Stride * 8);
    }

    /// <summary>Of <see cref="DensePixelLanes"/>.</summary>
    public static double PixelLanes(ConvolutionGeometry geometry)
    {
        var pitch = geometry.OutWidth + (geometry.Dilation * (geometry.Kernel - 1) / 2);
        var vectors = ((geometry.OutHeight * pitch) + Lanes - 1) / Lanes;
        var places = (vectors + MostPixelVectors - 1) / MostPixelVectors;
        var (wide, narrow) = (vectors % places, places - (vectors % places));
        var step = (wide * Step(PixelTile.Channels, (vectors / places) + 1)) + (narrow * Step(PixelTile.Channels, vectors / places));
        var tiles = (geometry.OutChannels + PixelTile.Channels - 1) / PixelTile.Channels;
        var isOneSegment = Steps(geometry) * new Groups(geometry.Input.Channels, bits: 6).Unit <= OneSegment;
        return (tiles * step * Steps(geometry))
            + (tiles * PixelTile.Channels * vectors * (isOneSegment ? 3 : 12 + (Steps(geometry) / 12.0)))
            + (vectors * geometry.Output.Blocks * 120.0)
            + (vectors * geometry.Input.Blocks * geometry.Stride * 150.0);
    }

    /// <summary>Of <see cref="DenseChannelLanes"/>, sums that go to an epilogue.</summary>
    public static double ChannelLaneSums(ConvolutionGeometry geometry) => ChannelLanes(geometry);

    /// <summary>Of <see cref="DensePixelLanes"/>, sums that go to an epilogue: they are widened and turned instead of compared.</summary>
    public static double PixelLaneSums(ConvolutionGeometry geometry)
    {
        var pitch = geometry.OutWidth + (geometry.Dilation * (geometry.Kernel - 1) / 2);
        var vectors = ((geometry.OutHeight * pitch) + Lanes - 1) / Lanes;
        return PixelLanes(geometry) + (vectors * ((geometry.OutChannels * 6.0) + (geometry.Output.Blocks * 250.0)));
    }

    private static double Step(int tables, int vectors) => vectors == 0 ? 0 : Math.Max(tables * vectors * 0.5, ((2 * tables) + vectors + 1) * 0.6);

    private static int Steps(ConvolutionGeometry geometry) => geometry.Kernel * geometry.Kernel * new Groups(geometry.Input.Channels, bits: 6).Count;
}
