namespace DcpNas.Protocols.ReIdentification;

/// <summary>The multi-query protocol of Market-1501: all images of a person under one camera make one query.</summary>
public static class MultiQuery
{
    /// <summary>Replaces the feature of each query by the pooled one of the images that show its identity under its camera.</summary>
    /// <param name="queries">The queries; one that no image belongs to keeps its own feature.</param>
    /// <param name="images">The images to pool (Market-1501: <c>gt_bbox</c>). A query's own image takes part only if it is among them.</param>
    /// <param name="pooling">How.</param>
    /// <exception cref="InputException">The features have different lengths.</exception>
    public static FeatureSet Pool(FeatureSet queries, FeatureSet images, QueryPooling pooling)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count > 0 && images.Dimensions != queries.Dimensions)
        {
            throw new InputException($"The features of the images to pool must have {queries.Dimensions} dimensions like those of the queries, got {images.Dimensions}. Compute both with one network.");
        }

        var groups = Enumerable.Range(0, images.Count).ToLookup(image => (images.Identities[image], images.Cameras[image]));
        var pooled = new float[queries.Count * queries.Dimensions];
        var sums = new double[queries.Dimensions];
        for (var query = 0; query < queries.Count; query++)
        {
            var target = pooled.AsSpan(query * queries.Dimensions, queries.Dimensions);
            int[] group = [.. groups[(queries.Identities[query], queries.Cameras[query])]];
            if (group.Length == 0)
            {
                queries.Feature(query).CopyTo(target);
                continue;
            }

            Array.Fill(sums, pooling == QueryPooling.Max ? double.NegativeInfinity : 0);
            foreach (var image in group)
            {
                var feature = images.Feature(image);
                for (var d = 0; d < feature.Length; d++)
                {
                    sums[d] = pooling == QueryPooling.Max ? Math.Max(sums[d], feature[d]) : sums[d] + feature[d];
                }
            }

            for (var d = 0; d < sums.Length; d++)
            {
                target[d] = (float)(pooling == QueryPooling.Max ? sums[d] : sums[d] / group.Length);
            }
        }

        return new FeatureSet(pooled, queries.Dimensions, queries.Identities, queries.Cameras);
    }
}
