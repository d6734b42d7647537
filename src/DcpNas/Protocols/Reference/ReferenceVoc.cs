using System.Globalization;
using DcpNas.Protocols.Detection;

namespace DcpNas.Protocols.Reference;

/// <summary>Reference implementation of PASCAL VOC's protocol, written line by line from its definition: slow, and sharing no code with <see cref="VocEvaluator"/>, which is tested against it.</summary>
public static class ReferenceVoc
{
    /// <summary>The measures by the names of <see cref="VocMetrics.Values"/>.</summary>
    public static IReadOnlyList<KeyValuePair<string, double>> Evaluate(IReadOnlyList<GroundTruthBox> objects, IReadOnlyList<DetectionBox> detections, VocOptions options)
    {
        ArgumentNullException.ThrowIfNull(objects);
        ArgumentNullException.ThrowIfNull(detections);
        ArgumentNullException.ThrowIfNull(options);
        var byCategory = new SortedDictionary<long, double>();
        foreach (var one in objects)
        {
            if (!one.Difficult)
            {
                byCategory[one.Category] = AveragePrecision(one.Category, objects, detections, options);
            }
        }

        var mean = byCategory.Count == 0 ? -1 : byCategory.Values.Sum() / byCategory.Count;
        var values = new List<KeyValuePair<string, double>> { new("mAP", mean) };
        foreach (var (category, average) in byCategory)
        {
            values.Add(new("AP/" + category.ToString(CultureInfo.InvariantCulture), average));
        }

        return values;
    }

    private static double AveragePrecision(long category, IReadOnlyList<GroundTruthBox> objects, IReadOnlyList<DetectionBox> detections, VocOptions options)
    {
        // Detections in descending score: repeatedly the best one left, the earliest of equal ones.
        var left = new List<DetectionBox>();
        foreach (var detection in detections)
        {
            if (detection.Category == category)
            {
                left.Add(detection);
            }
        }

        var sorted = new List<DetectionBox>();
        while (left.Count > 0)
        {
            var best = 0;
            for (var i = 1; i < left.Count; i++)
            {
                if (left[i].Score > left[best].Score)
                {
                    best = i;
                }
            }

            sorted.Add(left[best]);
            left.RemoveAt(best);
        }

        // Each looks at its one best object of its class and image.
        var found = new HashSet<GroundTruthBox>(ReferenceEqualityComparer.Instance);
        var truePositives = new List<bool>();
        foreach (var detection in sorted)
        {
            GroundTruthBox? best = null;
            var bestIou = -1.0;
            foreach (var one in objects)
            {
                if (one.Category == category && one.Image == detection.Image)
                {
                    var iou = Iou(detection.Box, one.Box, options.InclusivePixels);
                    if (iou > bestIou)
                    {
                        (best, bestIou) = (one, iou);
                    }
                }
            }

            if (best is null || bestIou < options.IouThreshold)
            {
                truePositives.Add(false);
            }
            else if (!best.Difficult)
            {
                truePositives.Add(found.Add(best)); // already taken = false positive
            }
        }

        // Precision and recall behind each detection.
        var total = objects.Count(one => one.Category == category && !one.Difficult);
        var recall = new List<(int Found, int Total)>();
        var precision = new List<double>();
        for (var i = 0; i < truePositives.Count; i++)
        {
            var hits = 0;
            for (var j = 0; j <= i; j++)
            {
                hits += truePositives[j] ? 1 : 0;
            }

            recall.Add((hits, total));
            precision.Add((double)hits / (i + 1));
        }

        return options.Interpolation switch
        {
            VocInterpolation.ElevenPoint => ElevenPoint(recall, precision, (found, total, tenth) => (double)found / total >= tenth * 0.1), // numpy.arange(0, 1.1, 0.1)
            VocInterpolation.ElevenPointExact => ElevenPoint(recall, precision, (found, total, tenth) => found * 10 >= tenth * total),
            _ => Area(recall, precision),
        };
    }

    private static double ElevenPoint(List<(int Found, int Total)> recall, List<double> precision, Func<int, int, int, bool> reaches)
    {
        var sum = 0.0;
        for (var tenth = 0; tenth <= 10; tenth++)
        {
            var largest = 0.0;
            for (var i = 0; i < recall.Count; i++)
            {
                if (reaches(recall[i].Found, recall[i].Total, tenth) && precision[i] > largest)
                {
                    largest = precision[i];
                }
            }

            sum += largest;
        }

        return sum / 11;
    }

    private static double Area(List<(int Found, int Total)> recall, List<double> precision)
    {
        // The devkit's sentinels: recall 0 and 1, precision 0 at both; the envelope from the right; the rectangles below it.
        var mrec = new List<double> { 0 };
        var mpre = new List<double> { 0 };
        for (var i = 0; i < recall.Count; i++)
        {
            mrec.Add((double)recall[i].Found / recall[i].Total);
            mpre.Add(precision[i]);
        }

        mrec.Add(1);
        mpre.Add(0);
        for (var i = mpre.Count - 2; i >= 0; i--)
        {
            mpre[i] = Math.Max(mpre[i], mpre[i + 1]);
        }

        var area = 0.0;
        for (var i = 1; i < mrec.Count; i++)
        {
            area += (mrec[i] - mrec[i - 1]) * mpre[i];
        }

        return area;
    }

    private static double Iou(BoundingBox a, BoundingBox b, bool inclusive)
    {
        var one = inclusive ? 1.0 : 0.0;
        var left = Math.Max(a.X1, b.X1);
        var top = Math.Max(a.Y1, b.Y1);
        var right = Math.Min(a.X2, b.X2);
        var bottom = Math.Min(a.Y2, b.Y2);
        var width = right - left + one;
        var height = bottom - top + one;
        if (!(width > 0) || !(height > 0))
        {
            return 0;
        }

        var intersection = width * height;
        var areaOfA = (a.X2 - a.X1 + one) * (a.Y2 - a.Y1 + one);
        var areaOfB = (b.X2 - b.X1 + one) * (b.Y2 - b.Y1 + one);
        return intersection / (areaOfA + areaOfB - intersection);
    }
}
