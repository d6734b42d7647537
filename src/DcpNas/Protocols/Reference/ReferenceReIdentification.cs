using DcpNas.Protocols.ReIdentification;

namespace DcpNas.Protocols.Reference;

/// <summary>
/// The protocol of person re-identification once more, written line by line from its definition: slow, with whole matrices, and sharing no code with
/// <see cref="ReIdentificationEvaluator"/>, which is tested against it.
/// </summary>
public static class ReferenceReIdentification
{
    /// <summary>The measures by the names of <see cref="ReIdentificationMetrics.Values"/>.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="options">Distance and re-ranking.</param>
    /// <param name="draws">An order of the gallery for each repeat of the single-shot protocol; null for the usual one.</param>
    /// <exception cref="InputException">No query has a match.</exception>
    public static IReadOnlyList<KeyValuePair<string, double>> Evaluate(FeatureSet queries, FeatureSet gallery, ReIdentificationOptions options, IReadOnlyList<int[]>? draws = null)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(options);

        // Identity -1 (junk) is dropped on load.
        var q = Enumerable.Range(0, queries.Count).Where(i => queries.Identities[i] != -1).ToList();
        var g = Enumerable.Range(0, gallery.Count).Where(i => gallery.Identities[i] != -1).ToList();
        var distances = new double[q.Count, g.Count];
        if (options.ReRanking is { } ranking)
        {
            distances = ReRank(queries, q, gallery, g, options.Distance, ranking);
        }
        else
        {
            for (var i = 0; i < q.Count; i++)
            {
                for (var j = 0; j < g.Count; j++)
                {
                    distances[i, j] = Between(options.Distance, queries.Feature(q[i]), gallery.Feature(g[j]));
                }
            }
        }

        var (first, precision, penalty) = (new double[50], 0.0, 0.0);
        var valid = 0;
        for (var i = 0; i < q.Count; i++)
        {
            // Drop gallery items with the same identity AND the same camera; sort the others, ties stable by gallery index.
            var (identity, camera) = (queries.Identities[q[i]], queries.Cameras[q[i]]);
            var list = new List<int>();
            for (var j = 0; j < g.Count; j++)
            {
                if (!(gallery.Identities[g[j]] == identity && gallery.Cameras[g[j]] == camera))
                {
                    list.Add(j);
                }
            }

            var row = i;
            list.Sort((a, b) => distances[row, a] != distances[row, b] ? distances[row, a].CompareTo(distances[row, b]) : a.CompareTo(b));
            var matches = list.Select(j => gallery.Identities[g[j]] == identity).ToList();
            if (!matches.Contains(true))
            {
                continue; // skipped, and not in the divisor
            }

            valid++;
            var curve = draws is null ? FirstHit(matches) : SingleShotCurve(list.ConvertAll(j => g[j]), gallery, identity, draws);
            for (var rank = 0; rank < 50; rank++)
            {
                first[rank] += curve[rank];
            }

            // AP: mean of the precision at each hit. mINP: hits up to the last match over the rank of the last match.
            var (hits, sum, last) = (0, 0.0, 0);
            for (var rank = 1; rank <= matches.Count; rank++)
            {
                if (matches[rank - 1])
                {
                    hits++;
                    sum += (double)hits / rank;
                    last = rank;
                }
            }

            precision += sum / hits;
            penalty += (double)hits / last;
        }

        if (valid == 0)
        {
            throw new InputException("No query has a match.");
        }

        return
        [
            new("rank_1", first[0] / valid),
            new("rank_5", first[4] / valid),
            new("rank_10", first[9] / valid),
            new("rank_20", first[19] / valid),
            new("mAP", precision / valid),
            new("mINP", penalty / valid),
        ];
    }

    private static double[] FirstHit(List<bool> matches)
    {
        var curve = new double[50];
        for (var rank = 0; rank < 50; rank++)
        {
            curve[rank] = matches.Take(rank + 1).Contains(true) ? 1 : 0;
        }

        return curve;
    }

    private static double[] SingleShotCurve(List<int> list, FeatureSet gallery, int identity, IReadOnlyList<int[]> draws)
    {
        var curve = new double[50];
        foreach (var draw in draws)
        {
            // One image per identity: the first one in the order of the draw that is in the list; distractors all stay.
            var chosen = new HashSet<int>();
            foreach (var person in list.Select(image => gallery.Identities[image]).Where(person => person != 0).Distinct())
            {
                chosen.Add(draw.First(image => gallery.Identities[image] == person && list.Contains(image)));
            }

            var matches = list.Where(image => gallery.Identities[image] == 0 || chosen.Contains(image)).Select(image => gallery.Identities[image] == identity).ToList();
            var hit = FirstHit(matches);
            for (var rank = 0; rank < 50; rank++)
            {
                curve[rank] += hit[rank] / draws.Count;
            }
        }

        return curve;
    }

    private static double Between(FeatureDistance kind, ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (product, difference, aa, bb) = (0.0, 0.0, 0.0, 0.0);
        for (var d = 0; d < a.Length; d++)
        {
            product += (double)a[d] * b[d];
            difference += ((double)a[d] - b[d]) * ((double)a[d] - b[d]);
            aa += (double)a[d] * a[d];
            bb += (double)b[d] * b[d];
        }

        return kind == FeatureDistance.SquaredEuclidean ? difference : aa == 0 || bb == 0 ? 1 : 1 - (product / (Math.Sqrt(aa) * Math.Sqrt(bb)));
    }

    /// <summary>k-reciprocal re-ranking with whole matrices, as its paper and the reference tools describe it.</summary>
    private static double[,] ReRank(FeatureSet queries, List<int> q, FeatureSet gallery, List<int> g, FeatureDistance kind, ReRankingOptions ranking)
    {
        var n = q.Count + g.Count;
        ReadOnlySpan<float> Feature(int i) => i < q.Count ? queries.Feature(q[i]) : gallery.Feature(g[i - q.Count]);
        var raw = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                raw[i, j] = Between(kind, Feature(i), Feature(j));
            }
        }

        // Each column over its maximum, transposed.
        var original = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            var largest = double.NegativeInfinity;
            for (var k = 0; k < n; k++)
            {
                largest = Math.Max(largest, raw[k, i]);
            }

            for (var j = 0; j < n; j++)
            {
                original[i, j] = largest == 0 ? 0 : raw[j, i] / largest;
            }
        }

        var order = new int[n][];
        for (var i = 0; i < n; i++)
        {
            order[i] = [.. Enumerable.Range(0, n)];
            var row = i;
            Array.Sort(order[i], (a, b) => original[row, a] != original[row, b] ? original[row, a].CompareTo(original[row, b]) : a.CompareTo(b));
        }

        List<int> Mutual(int i, int k)
        {
            var forward = order[i].Take(k + 1);
            return [.. forward.Where(j => order[j].Take(k + 1).Contains(i))];
        }

        var v = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            var reciprocal = Mutual(i, ranking.K1);
            var expansion = new List<int>(reciprocal);
            foreach (var candidate in reciprocal)
            {
                var half = Mutual(candidate, (int)Math.Round(ranking.K1 / 2.0, MidpointRounding.ToEven));
                if (half.Intersect(reciprocal).Count() * 3 > half.Count * 2)
                {
                    expansion.AddRange(half);
                }
            }

            var unique = expansion.Distinct().Order().ToList();
            var sum = 0.0;
            foreach (var j in unique)
            {
                sum += Math.Exp(-original[i, j]);
            }

            foreach (var j in unique)
            {
                v[i, j] = Math.Exp(-original[i, j]) / sum;
            }
        }

        if (ranking.K2 != 1)
        {
            var expanded = new double[n, n];
            for (var i = 0; i < n; i++)
            {
                var near = order[i].Take(ranking.K2).ToList();
                for (var j = 0; j < n; j++)
                {
                    var sum = 0.0;
                    foreach (var k in near)
                    {
                        sum += v[k, j];
                    }

                    expanded[i, j] = sum / near.Count;
                }
            }

            v = expanded;
        }

        var final = new double[q.Count, g.Count];
        for (var i = 0; i < q.Count; i++)
        {
            for (var j = 0; j < g.Count; j++)
            {
                var least = 0.0;
                for (var k = 0; k < n; k++)
                {
                    least += Math.Min(v[i, k], v[q.Count + j, k]);
                }

                var jaccard = 1 - (least / (2 - least));
                final[i, j] = (jaccard * (1 - ranking.Lambda)) + (original[i, q.Count + j] * ranking.Lambda);
            }
        }

        return final;
    }
}
