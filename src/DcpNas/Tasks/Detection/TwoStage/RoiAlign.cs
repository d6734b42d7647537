using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>RoIAlign (He et al., Mask R-CNN, arXiv:1703.06870): cuts regions out of maps, all to one size, without rounding their edges.</summary>
/// <remarks>
/// <para><b>Forward.</b> <c>y[r, c, i, j] = 1/s^2 sum over the s x s samples p of bin (i, j) of map[c](p)</c>, map(p) bilinear between the centres of pixels, which lie at
/// halves (<c>aligned = true</c> in Detectron2 and torchvision). A sample less than a pixel outside of the outermost centres reads the nearest ones, one farther out is 0.
/// Regions may leave the image and may be empty.</para>
/// <para>Both sides separate: a bin is <c>sum over h, w of Y[i, h] map[h, w] X[j, w]</c>, Y and X being the means over the samples of their rows and columns. So all regions of an image are
/// two matrix products, exact, on any device, with libtorch's own gradient.</para>
/// <para><b>Backward.</b> To the map. The boxes are constants, as in the field.</para>
/// <para><b>Shapes.</b> <c>[N, C, H, W] -> [regions, C, size, size]</c>. Multiplications: <c>regions C W size (H + size)</c>, which suits maps of up to about a hundred pixels a side.</para>
/// </remarks>
internal static class RoiAlign
{
    /// <summary>Cuts regions out of a map.</summary>
    /// <param name="map"><c>[N, C, H, W]</c>.</param>
    /// <param name="regions">Boxes in shares of their image.</param>
    /// <param name="size">Bins per side.</param>
    /// <param name="samples">Samples per side of a bin.</param>
    public static Tensor Of(Tensor map, IReadOnlyList<Region> regions, int size, int samples)
    {
        using var scope = NewDisposeScope();
        var (channels, height, width) = (map.shape[1], (int)map.shape[2], (int)map.shape[3]);
        var (parts, order) = (new List<Tensor>(), new List<int>());
        foreach (var image in Enumerable.Range(0, regions.Count).GroupBy(index => regions[index].Image).OrderBy(group => group.Key))
        {
            int[] indices = [.. image];
            var rows = Matrix([.. indices.SelectMany(index => Weights(regions[index].Box.Top, regions[index].Box.Bottom, height, size, samples))], indices.Length * size, height);
            var columns = Matrix([.. indices.SelectMany(index => Weights(regions[index].Box.Left, regions[index].Box.Right, width, size, samples))], indices.Length, 1, size, width);
            var pixels = map[image.Key].permute(1, 2, 0).reshape(height, width * channels);
            parts.Add(columns.matmul(rows.mm(pixels).view(indices.Length, size, width, channels)).permute(0, 3, 1, 2));
            order.AddRange(indices);
        }

        return InOrder(parts, order, [0, channels, size, size], map).MoveToOuterDisposeScope();

        Tensor Matrix(double[] weights, params long[] shape) => tensor(weights, shape, map.dtype, map.device);
    }

    /// <summary>Cuts each region out of the map of its level.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="regions">Boxes in shares of their image.</param>
    /// <param name="levels">Per region the index of its map.</param>
    /// <param name="size">Bins per side.</param>
    /// <param name="samples">Samples per side of a bin.</param>
    public static Tensor OfLevels(IReadOnlyList<Tensor> maps, IReadOnlyList<Region> regions, IReadOnlyList<int> levels, int size, int samples)
    {
        using var scope = NewDisposeScope();
        var (parts, order) = (new List<Tensor>(), new List<int>());
        foreach (var level in Enumerable.Range(0, regions.Count).GroupBy(index => levels[index]).OrderBy(group => group.Key))
        {
            int[] indices = [.. level];
            parts.Add(Of(maps[level.Key], [.. indices.Select(index => regions[index])], size, samples));
            order.AddRange(indices);
        }

        return InOrder(parts, order, [0, maps[0].shape[1], size, size], maps[0]).MoveToOuterDisposeScope();
    }

    /// <summary>How much each pixel of a line counts in each bin: <c>[bin][pixel]</c>.</summary>
    /// <param name="low">The edge of the region where it begins, in shares of the line.</param>
    /// <param name="high">The edge where it ends.</param>
    /// <param name="length">Pixels of the line.</param>
    /// <param name="size">Bins.</param>
    /// <param name="samples">Samples of a bin.</param>
    private static double[] Weights(double low, double high, int length, int size, int samples)
    {
        var weights = new double[size * length];
        var (start, bin) = ((low * length) - 0.5, (high - low) * length / size);
        for (var i = 0; i < size; i++)
        {
            for (var sample = 0; sample < samples; sample++)
            {
                var at = start + ((i + ((sample + 0.5) / samples)) * bin);
                if (!(at >= -1 && at <= length))
                {
                    continue;
                }

                at = Math.Clamp(at, 0, length - 1);
                var pixel = Math.Min((int)at, Math.Max(length - 2, 0));
                var share = at - pixel;
                weights[(i * length) + pixel] += (1 - share) / samples;
                if (share > 0)
                {
                    weights[(i * length) + pixel + 1] += share / samples;
                }
            }
        }

        return weights;
    }

    private static Tensor InOrder(List<Tensor> parts, List<int> order, long[] empty, Tensor like)
    {
        if (parts.Count == 0)
        {
            return zeros(empty, like.dtype, like.device);
        }

        var places = new long[order.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[order[i]] = i;
        }

        var all = parts.Count == 1 ? parts[0] : cat(parts, 0);
        return order.SequenceEqual(Enumerable.Range(0, order.Count)) ? all.alias() : all.index_select(0, tensor(places, device: like.device));
    }
}
