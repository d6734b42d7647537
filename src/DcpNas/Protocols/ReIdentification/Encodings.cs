namespace DcpNas.Protocols.ReIdentification;

/// <summary>The k-reciprocal encoding of every image: a sparse vector of weights over images, sorted by image.</summary>
internal sealed class Encodings
{
    private readonly FeatureRows _images;
    private readonly ReIdentificationOptions _options;
    private readonly ReRankingOptions _ranking;
    private readonly NearestColumns _nearest;

    /// <summary>Finds the neighbours of all images, and encodes and averages them.</summary>
    public Encodings(FeatureRows images, ReIdentificationOptions options, ReRankingOptions ranking, CancellationToken cancellation)
    {
        (_images, _options, _ranking) = (images, options, ranking);
        var kept = Math.Min(images.Count, Math.Max(ranking.K1 + 1, ranking.K2));
        var found = new DistancePass(images, images, options).Run([.. Enumerable.Range(0, images.Count)], () => new NearestColumns(images.Count, kept), cancellation);
        _nearest = found[0];
        foreach (var other in found.Skip(1))
        {
            _nearest.Merge(other);
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads == 0 ? -1 : options.Threads, CancellationToken = cancellation };
        var own = new (int, double)[images.Count][];
        Parallel.For(0, images.Count, parallel, image => own[image] = Encode(image));
        All = ranking.K2 == 1 ? own : new (int, double)[images.Count][];
        if (ranking.K2 != 1)
        {
            Parallel.For(0, images.Count, parallel, () => new double[images.Count], (image, _, sums) =>
            {
                All[image] = Average(own, image, sums);
                return sums;
            }, _ => { });
        }
    }

    /// <summary>The encodings: image and weight, ascending by image.</summary>
    public (int Image, double Weight)[][] All { get; }

    /// <summary>The distance over the largest one of the image, that is of its column.</summary>
    public double Normalised(int image, double distance) => _nearest.Largest(image) == 0 ? 0 : distance / _nearest.Largest(image);

    private (int, double)[] Encode(int image)
    {
        var reciprocal = Reciprocal(image, _ranking.K1 + 1);
        var expanded = new SortedSet<int>(reciprocal);
        var known = expanded.ToHashSet();
        var half = (int)Math.Round(_ranking.K1 / 2.0, MidpointRounding.ToEven) + 1;
        foreach (var candidate in reciprocal)
        {
            var others = Reciprocal(candidate, half);
            if (3 * others.Count(known.Contains) > 2 * others.Count)
            {
                expanded.UnionWith(others);
            }
        }

        (int Image, double Weight)[] weights = [.. expanded.Select(other =>
            (other, Math.Exp(-Normalised(image, FeatureRows.Distance(_options.Distance, _images, image, _images, other)))))];
        var sum = weights.Sum(one => one.Weight);
        return [.. weights.Select(one => (one.Image, one.Weight / sum))];
    }

    /// <summary>Those of the nearest images that have the image among their own nearest ones, nearest first.</summary>
    private List<int> Reciprocal(int image, int count)
    {
        var mutual = new List<int>();
        foreach (var other in _nearest.Of(image, count))
        {
            if (_nearest.Of(other, count).Contains(image))
            {
                mutual.Add(other);
            }
        }

        return mutual;
    }

    private (int, double)[] Average((int Image, double Weight)[][] own, int image, double[] sums)
    {
        var neighbours = _nearest.Of(image, _ranking.K2);
        var touched = new SortedSet<int>();
        foreach (var neighbour in neighbours)
        {
            foreach (var (other, weight) in own[neighbour])
            {
                touched.Add(other);
                sums[other] += weight;
            }
        }

        var average = new (int, double)[touched.Count];
        var at = 0;
        foreach (var other in touched)
        {
            average[at++] = (other, sums[other] / neighbours.Length);
            sums[other] = 0;
        }

        return average;
    }
}
