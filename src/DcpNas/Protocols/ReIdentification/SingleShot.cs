
namespace DcpNas.Protocols.ReIdentification;

/// <summary>The classic protocol of CUHK03: repeats, each with a gallery of one image per identity.</summary>
public sealed class SingleShot
{
    /// <summary>Repeats of the protocol.</summary>
    public const int Repeats = 10;

    private readonly FeatureSet _gallery;
    private readonly int[] _kept;
    private readonly int[][] _orders; // of each repeat: places in the kept gallery, in the order of the draw
    private readonly int[][] _shots; // of each repeat: the first place of every identity, and every distractor

    internal SingleShot(IReadOnlyList<int[]> draws, FeatureSet gallery, int[] kept)
    {
        ArgumentNullException.ThrowIfNull(draws);
        (_gallery, _kept) = (gallery, kept);
        if (draws.Count == 0)
        {
            throw new InputException("draws must hold at least one order of the gallery, got none. Draw at least one.");
        }

        for (var repeat = 0; repeat < draws.Count; repeat++)
        {
            if (draws[repeat].Length != gallery.Count || !draws[repeat].Order().SequenceEqual(Enumerable.Range(0, gallery.Count)))
            {
                throw new InputException($"draws[{repeat}] must hold each place of the gallery from 0 to {gallery.Count - 1} once. Draw it anew.");
            }
        }

        _orders = [.. draws.Select(draw => draw.Select(image => Array.BinarySearch(kept, image)).Where(place => place >= 0).ToArray())];
        _shots = [.. _orders.Select(order =>
        {
            var seen = new HashSet<int>();
            return order.Where(place => IdentityOf(place) == FeatureSet.Distractor || seen.Add(IdentityOf(place))).ToArray();
        })];
    }

    /// <summary>Draws the orders of the gallery that the repeats use.</summary>
    /// <param name="galleryImages">Images of the gallery.</param>
    /// <param name="seed">Names the draws; the same ones on every machine.</param>
    /// <param name="repeats">How many, at least 1.</param>
    public static IReadOnlyList<int[]> Draw(int galleryImages, long seed, int repeats = Repeats)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(galleryImages, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        var draws = new int[repeats][];
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            draws[repeat] = [.. Enumerable.Range(0, galleryImages)];
            new SeededRandom(seed, repeat).Shuffle<int>(draws[repeat]);
        }

        return draws;
    }

    /// <summary>The mean matching curve of a query that has a match.</summary>
    internal double[] Curve(int identity, Func<int, bool> isRemoved, double[] distances)
    {
        var hits = new int[ReIdentificationMetrics.CurveLength];
        for (var repeat = 0; repeat < _orders.Length; repeat++)
        {
            var match = _orders[repeat].First(place => IdentityOf(place) == identity && !isRemoved(place));
            var before = 0;
            foreach (var place in _shots[repeat])
            {
                before += IdentityOf(place) != identity && (distances[place] < distances[match] || (distances[place] == distances[match] && place < match)) ? 1 : 0;
            }

            if (before < hits.Length)
            {
                hits[before]++;
            }
        }

        var curve = new double[hits.Length];
        var sum = 0;
        for (var rank = 0; rank < hits.Length; rank++)
        {
            sum += hits[rank];
            curve[rank] = sum / (double)_orders.Length;
        }

        return curve;
    }

    private int IdentityOf(int place) => _gallery.Identities[_kept[place]];
}
