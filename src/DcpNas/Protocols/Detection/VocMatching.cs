namespace DcpNas.Protocols.Detection;

/// <summary>Which detections of one category find which objects, by PASCAL VOC's protocol; <see cref="VocEvaluator"/> says how.</summary>
internal static class VocMatching
{
    /// <summary>Evaluates each detection.</summary>
    /// <param name="objects">The objects of the category.</param>
    /// <param name="detections">Its detections in descending score.</param>
    /// <param name="options">How.</param>
    /// <returns>For each detection its verdict, and the object that it overlaps most: its place, or -1, and the overlap.</returns>
    public static IReadOnlyList<(VocVerdict Verdict, int Object, double Overlap)> Of(GroundTruthBox[] objects, DetectionBox[] detections, VocOptions options)
    {
        var places = Enumerable.Range(0, objects.Length).ToLookup(place => objects[place].Image);
        var taken = new bool[objects.Length];
        var matches = new List<(VocVerdict, int, double)>(detections.Length);
        foreach (var detection in detections)
        {
            var (best, overlap) = (-1, double.NegativeInfinity);
            foreach (var place in places[detection.Image])
            {
                var iou = Overlap(detection.Box, objects[place].Box, options.InclusivePixels ? 1 : 0);
                (best, overlap) = iou > overlap ? (place, iou) : (best, overlap);
            }

            var verdict = overlap < options.IouThreshold ? VocVerdict.Wrong
                : objects[best].Difficult ? VocVerdict.Ignored
                : taken[best] ? VocVerdict.Repeated
                : VocVerdict.Found;
            if (verdict == VocVerdict.Found)
            {
                taken[best] = true;
            }

            matches.Add((verdict, best, Math.Max(0, overlap)));
        }

        return matches;
    }

    /// <summary>Intersection over union.</summary>
    /// <param name="a">A box.</param>
    /// <param name="b">Another one.</param>
    /// <param name="extra">1 where the last pixel belongs to a box.</param>
    public static double Overlap(in BoundingBox a, in BoundingBox b, int extra)
    {
        var width = Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1) + extra;
        var height = Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1) + extra;
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        var common = width * height;
        return common / (((a.X2 - a.X1 + extra) * (a.Y2 - a.Y1 + extra)) + ((b.X2 - b.X1 + extra) * (b.Y2 - b.Y1 + extra)) - common);
    }
}
