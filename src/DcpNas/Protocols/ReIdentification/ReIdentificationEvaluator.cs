namespace DcpNas.Protocols.ReIdentification;

/// <summary>The protocol of Market-1501, DukeMTMC-reID and CUHK03: where in a gallery the images of each query's identity are.</summary>
/// <remarks>
/// <para>
/// <b>Protocol.</b> Junk is dropped, distractors stay in the gallery as negatives. For each query, gallery images of its identity <i>and</i> its camera are dropped;
/// a query that is left without a match is skipped and in no divisor. Average precision is the mean of the precisions at the matches, mINP the matches over the
/// rank of the last one. Equal distances are sorted by place in the gallery.
/// </para>
/// <para>
/// <b>Memory.</b> Distances are computed block by block and only counted; beside the features there are some hundred bytes per image and a few MB per thread.
/// </para>
/// <para>
/// <b>Exactness.</b> Distances: see <see cref="FeatureProducts"/>; measures in double precision. Every number of threads and size of block gives the same bits.
/// </para>
/// <para><b>Source.</b> Zheng et al., "Scalable Person Re-identification: A Benchmark", ICCV 2015; mINP: Ye et al., arXiv:2001.04193.</para>
/// </remarks>
public sealed class ReIdentificationEvaluator
{
    private readonly FeatureSet _querySet;
    private readonly FeatureSet _gallerySet;
    private readonly ReIdentificationOptions _options;
    private readonly int[] _queryImages;
    private readonly int[] _galleryImages;
    private readonly FeatureRows _queries;
    private readonly FeatureRows _gallery;
    private readonly DistancePass _pass;
    private readonly ILookup<int, int> _placesOf; // places in _gallery by identity
    private ReRanking? _reRanking;

    /// <summary>Checks and takes the features.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="gallery">What is searched.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="OptionsException">An option is out of range.</exception>
    /// <exception cref="InputException">A feature or identity cannot be evaluated.</exception>
    public ReIdentificationEvaluator(FeatureSet queries, FeatureSet gallery, ReIdentificationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        _options = options ?? new ReIdentificationOptions();
        if (_options.Problems() is { Count: > 0 } problems)
        {
            throw new OptionsException("re-identification options", problems);
        }

        if (queries.Dimensions != gallery.Dimensions)
        {
            throw new InputException($"The features of the gallery must have {queries.Dimensions} dimensions like those of the queries, got {gallery.Dimensions}. Compute both with one network.");
        }

        (_querySet, _gallerySet) = (queries, gallery);
        (_queryImages, _galleryImages) = (Kept(queries, "query", isQuery: true), Kept(gallery, "gallery image", isQuery: false));
        _queries = new FeatureRows((queries, _queryImages, "query"));
        _gallery = new FeatureRows((gallery, _galleryImages, "gallery image"));
        _pass = new DistancePass(_queries, _gallery, _options);
        _placesOf = Enumerable.Range(0, _galleryImages.Length).Where(place => IdentityOf(place) != FeatureSet.Distractor).ToLookup(IdentityOf);
    }

    /// <summary>Evaluates all queries.</summary>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="InputException">No query has a match, or there are too many images for re-ranking.</exception>
    public ReIdentificationMetrics Measure(CancellationToken cancellation = default)
    {
        var ranks = new int[_queries.Count][];
        Array.Fill(ranks, []);
        int[] matched = [.. Enumerable.Range(0, _queries.Count).Where(HasMatch)];
        if (matched.Length == 0)
        {
            throw new InputException(
                $"No query has a match: at least one of {_querySet.Count} queries must have its identity in the gallery under another camera. Check identities and cameras.");
        }

        if (_options.ReRanking is null)
        {
            MatchRanks[] targets = [.. matched.Select(query => Targets(query, place => FeatureRows.Distance(_options.Distance, _queries, query, _gallery, place)))];
            var counters = _pass.Run(matched, () => new RankCounter(targets), cancellation);
            for (var i = 0; i < matched.Length; i++)
            {
                ranks[matched[i]] = RankCounter.Ranks(targets[i], i, counters);
            }
        }
        else
        {
            ForEachRow(matched, (query, distances) => ranks[query] = Ranks(query, distances), cancellation);
        }

        return new ReIdentificationMetrics(
            _options.Distance,
            _options.ReRanking is not null,
            _galleryImages.Length,
            _querySet.Count - _queryImages.Length + _gallerySet.Count - _galleryImages.Length,
            [.. ranks.Select((one, query) => new QueryMetrics(_queryImages[query], one))]);
    }

    /// <summary>Evaluates all queries by the single-shot protocol: <see cref="ReIdentificationMetrics.Curve"/> is the mean over repeats, each with one gallery image per identity.</summary>
    /// <remarks>
    /// In each repeat the image of an identity is, for each query, the first one in the order of the draw that is not dropped; distractors all stay. Average precision
    /// and mINP are those of the whole gallery, as in the reference tools.
    /// </remarks>
    /// <param name="draws">An order of the whole gallery for each repeat, as <see cref="SingleShot.Draw"/> makes them.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="InputException">No query has a match, a draw is no order of the gallery, or there are too many images for re-ranking.</exception>
    public ReIdentificationMetrics MeasureSingleShot(IReadOnlyList<int[]> draws, CancellationToken cancellation = default)
    {
        var whole = Measure(cancellation);
        var shots = new SingleShot(draws, _gallerySet, _galleryImages);
        int[] matched = [.. Enumerable.Range(0, _queries.Count).Where(HasMatch)];
        var curves = new double[_queries.Count][];
        ForEachRow(matched, (query, distances) => curves[query] = shots.Curve(IdentityOfQuery(query), place => IsRemoved(query, place), distances), cancellation);
        return whole with { Curve = [.. Enumerable.Range(0, ReIdentificationMetrics.CurveLength).Select(rank => matched.Average(query => curves[query][rank]))] };
    }

    /// <summary>The nearest gallery images of chosen queries, those of the query's identity and camera left out.</summary>
    /// <param name="queries">Places of the queries, none of them junk.</param>
    /// <param name="length">Images in each list, at least 1; a smaller gallery gives fewer.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>A list for each query, nearest first.</returns>
    /// <exception cref="InputException">There are too many images for re-ranking.</exception>
    public IReadOnlyList<IReadOnlyList<RankedImage>> Rank(IReadOnlyList<int> queries, int length, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        int[] rows = [.. queries.Select(query => Array.BinarySearch(_queryImages, query))];
        if (Array.FindIndex(rows, row => row < 0) is >= 0 and var unknown)
        {
            throw new ArgumentException($"queries must name queries that are no junk, got {queries[unknown]}.", nameof(queries));
        }

        var lists = new Dictionary<int, IReadOnlyList<RankedImage>>();
        ForEachRow([.. rows.Distinct()], (query, distances) =>
        {
            var list = Nearest(query, distances, length);
            lock (lists)
            {
                lists[query] = list;
            }
        }, cancellation);
        return [.. rows.Select(row => lists[row])];
    }

    private static int[] Kept(FeatureSet set, string name, bool isQuery)
    {
        var kept = new List<int>(set.Count);
        for (var image = 0; image < set.Count; image++)
        {
            var identity = set.Identities[image];
            if (identity < FeatureSet.Junk || (isQuery && identity == FeatureSet.Distractor))
            {
                throw new InputException(
                    $"{name} {image}: the identity must be {(isQuery ? "at least 1, or -1 for junk" : "at least 1, 0 for a distractor, or -1 for junk")}, got {identity}. Correct the list.");
            }

            if (identity != FeatureSet.Junk)
            {
                kept.Add(image);
            }
        }

        return [.. kept];
    }

    private int IdentityOf(int place) => _gallerySet.Identities[_galleryImages[place]];

    private int IdentityOfQuery(int query) => _querySet.Identities[_queryImages[query]];

    private bool IsRemoved(int query, int place) =>
        IdentityOf(place) == IdentityOfQuery(query) && _gallerySet.Cameras[_galleryImages[place]] == _querySet.Cameras[_queryImages[query]];

    private bool HasMatch(int query) => _placesOf[IdentityOfQuery(query)].Any(place => !IsRemoved(query, place));

    private MatchRanks Targets(int query, Func<int, double> distanceTo)
    {
        var same = _placesOf[IdentityOfQuery(query)].Select(place => (Place: place, Distance: distanceTo(place))).ToLookup(one => IsRemoved(query, one.Place));
        return new MatchRanks([.. same[false]], [.. same[true]]);
    }

    private int[] Ranks(int query, double[] distances)
    {
        var targets = Targets(query, place => distances[place]);
        var counts = new int[targets.Matches];
        targets.Count(0, distances, counts);
        return targets.Ranks(counts);
    }

    /// <summary>Hands out the distances to the whole gallery, re-ranked if that is asked for, on several threads.</summary>
    private void ForEachRow(int[] queries, Action<int, double[]> take, CancellationToken cancellation)
    {
        if (_options.ReRanking is { } ranking && _reRanking is null)
        {
            var all = new FeatureRows((_querySet, _queryImages, "query"), (_gallerySet, _galleryImages, "gallery image"));
            _reRanking = new ReRanking(all, _queryImages.Length, _options, ranking, cancellation);
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Threads == 0 ? -1 : _options.Threads, CancellationToken = cancellation };
        for (var start = 0; start < queries.Length; start += WholeRows.AtOnce)
        {
            int[] group = [.. queries.Skip(start).Take(WholeRows.AtOnce)];
            var rows = WholeRows.Compute(_pass, group, _gallery.Count, cancellation);
            Parallel.For(0, group.Length, parallel, i =>
            {
                _reRanking?.Apply(group[i], rows[i]);
                take(group[i], rows[i]);
            });
        }
    }

    private RankedImage[] Nearest(int query, double[] distances, int length)
    {
        var nearest = new PriorityQueue<int, (double Distance, int Place)>(Comparer<(double Distance, int Place)>.Create((a, b) => b.CompareTo(a))); // the farthest first
        for (var place = 0; place < distances.Length; place++)
        {
            if (IsRemoved(query, place))
            {
                continue;
            }

            if (nearest.Count < length)
            {
                nearest.Enqueue(place, (distances[place], place));
            }
            else if (nearest.TryPeek(out _, out var farthest) && distances[place] < farthest.Distance)
            {
                nearest.EnqueueDequeue(place, (distances[place], place));
            }
        }

        var list = new RankedImage[nearest.Count];
        for (var at = list.Length - 1; at >= 0; at--)
        {
            var place = nearest.Dequeue();
            list[at] = new RankedImage(_galleryImages[place], Math.Max(0, distances[place]), IdentityOf(place) == IdentityOfQuery(query));
        }

        return list;
    }
}

/// <summary>A gallery image at its place in the list of a query.</summary>
/// <param name="Image">Its place in the gallery.</param>
/// <param name="Distance">How far it is from the query, after re-ranking if that is used.</param>
/// <param name="IsMatch">It shows the query's identity.</param>
public readonly record struct RankedImage(int Image, double Distance, bool IsMatch);
