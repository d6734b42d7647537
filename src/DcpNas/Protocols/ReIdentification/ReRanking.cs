namespace DcpNas.Protocols.ReIdentification;

/// <summary>k-reciprocal re-ranking: distances that also ask whether two images have the same neighbours.</summary>
/// <remarks>
/// <para>
/// <b>Forward.</b> With D the distance over the largest one of its column (queries and gallery together), R(i, k) the k nearest images of i that have i among their
/// k nearest (itself included, k = k1 + 1), R*(i) = R(i, k1 + 1) and each R(c, k1 / 2 + 1), c in R(i, k1 + 1), of which more than two thirds lie in R(i, k1 + 1):
/// V(i, j) = exp(-D(i, j)) / sum over R*(i), 0 elsewhere; then the mean of V over the k2 nearest of i. With m the sum over j of min(V(q, j), V(g, j)), the result is
/// <c>(1 - lambda) (1 - m / (2 - m)) + lambda D(q, g)</c>. k1 / 2 is rounded half to even, equal distances are sorted by place.
/// </para>
/// <para>
/// <b>Memory.</b> V is sparse and D is computed twice, block by block, so no matrix of all pairs exists.
/// </para>
/// <para><b>Source.</b> Zhong et al., arXiv:1701.08398.</para>
/// </remarks>
internal sealed class ReRanking
{
    private readonly ReRankingOptions _ranking;
    private readonly Encodings _encodings;
    private readonly (int Gallery, double Weight)[][] _holders; // by image: who in the gallery has it in the encoding

    /// <summary>Encodes all images.</summary>
    /// <param name="images">The queries, then the gallery.</param>
    /// <param name="queries">How many are queries.</param>
    /// <param name="options">Distance and threads.</param>
    /// <param name="ranking">The numbers of re-ranking.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="InputException">There are too many images.</exception>
    public ReRanking(FeatureRows images, int queries, ReIdentificationOptions options, ReRankingOptions ranking, CancellationToken cancellation)
    {
        if (images.Count > ranking.MostImages)
        {
            throw new InputException(
                $"Re-ranking compares every image with every other one: there must be at most {ranking.MostImages} queries and gallery images together, got {images.Count}. Leave re-ranking out, or raise most_images and wait.");
        }

        _ranking = ranking;
        _encodings = new Encodings(images, options, ranking, cancellation);
        var holders = new List<(int, double)>[images.Count];
        for (var image = queries; image < images.Count; image++)
        {
            foreach (var (other, weight) in _encodings.All[image])
            {
                (holders[other] ??= []).Add((image - queries, weight));
            }
        }

        _holders = [.. holders.Select(list => list?.ToArray() ?? [])];
    }

    /// <summary>Turns the distances from a query to the gallery into re-ranked ones.</summary>
    public void Apply(int query, Span<double> distances)
    {
        var shared = new double[distances.Length];
        foreach (var (image, weight) in _encodings.All[query])
        {
            foreach (var (gallery, other) in _holders[image])
            {
                shared[gallery] += Math.Min(weight, other);
            }
        }

        for (var gallery = 0; gallery < distances.Length; gallery++)
        {
            var jaccard = 1 - (shared[gallery] / (2 - shared[gallery]));
            distances[gallery] = (jaccard * (1 - _ranking.Lambda)) + (_encodings.Normalised(query, distances[gallery]) * _ranking.Lambda);
        }
    }
}
