using DcpNas.Protocols.Detection;

namespace DcpNas.Protocols.Reference;

/// <summary>Reference implementation of COCO's protocol, written line by line from its definition: slow, and sharing no code with <see cref="CocoEvaluator"/>, which is tested against it.</summary>
public static class ReferenceCoco
{
    /// <summary>The twelve numbers by the names of <see cref="CocoMetrics.Values"/>.</summary>
    /// <param name="images">The images that were looked at.</param>
    /// <param name="categories">The categories to evaluate.</param>
    /// <param name="objects">What is there.</param>
    /// <param name="detections">What a detector claims.</param>
    public static IReadOnlyList<KeyValuePair<string, double>> Evaluate(
        IReadOnlyCollection<long> images, IReadOnlyCollection<long> categories, IReadOnlyList<GroundTruthBox> objects, IReadOnlyList<DetectionBox> detections)
    {
        var thresholds = new double[10];
        for (var i = 0; i < 10; i++)
        {
            thresholds[i] = i == 9 ? 0.95 : 0.5 + (i * ((0.95 - 0.5) / 9)); // as numpy.linspace(0.5, 0.95, 10) rounds
        }

        const double All = 1e10;
        const double Small = 32 * 32;
        const double Large = 96 * 96;
        double Ap(double[] at, double low, double high) => Summary(images, categories, objects, detections, at, low, high, 100, recall: false);
        double Ar(int most, double low, double high) => Summary(images, categories, objects, detections, thresholds, low, high, most, recall: true);
        return
        [
            new("AP", Ap(thresholds, 0, All)),
            new("AP50", Ap([thresholds[0]], 0, All)),
            new("AP75", Ap([thresholds[5]], 0, All)),
            new("APs", Ap(thresholds, 0, Small)),
            new("APm", Ap(thresholds, Small, Large)),
            new("APl", Ap(thresholds, Large, All)),
            new("AR1", Ar(1, 0, All)),
            new("AR10", Ar(10, 0, All)),
            new("AR100", Ar(100, 0, All)),
            new("ARs", Ar(100, 0, Small)),
            new("ARm", Ar(100, Small, Large)),
            new("ARl", Ar(100, Large, All)),
        ];
    }

    private static double Summary(
        IReadOnlyCollection<long> images,
        IReadOnlyCollection<long> categories,
        IReadOnlyList<GroundTruthBox> objects,
        IReadOnlyList<DetectionBox> detections,
        double[] thresholds,
        double low,
        double high,
        int most,
        bool recall)
    {
        var numbers = new List<double>();
        foreach (var threshold in thresholds)
        {
            foreach (var category in categories.Distinct().Order())
            {
                numbers.AddRange(Curve(images, category, objects, detections, threshold, low, high, most, recall));
            }
        }

        var sum = 0.0;
        var count = 0;
        foreach (var number in numbers)
        {
            if (number > -1)
            {
                sum += number;
                count++;
            }
        }

        return count == 0 ? -1 : sum / count;
    }

    /// <summary>The precisions at 101 recalls, or the one recall that is reached; -1 where nothing can be found.</summary>
    private static double[] Curve(
        IReadOnlyCollection<long> images,
        long category,
        IReadOnlyList<GroundTruthBox> objects,
        IReadOnlyList<DetectionBox> detections,
        double threshold,
        double low,
        double high,
        int most,
        bool recall)
    {
        var total = 0;
        var judged = new List<(double Score, bool Matched, bool Ignored)>();
        foreach (var image in images.Distinct().Order())
        {
            var truths = objects.Where(one => one.Image == image && one.Category == category).ToList();
            var claims = InDescendingScore(detections.Where(one => one.Image == image && one.Category == category).ToList());
            if (claims.Count > most)
            {
                claims = claims.GetRange(0, most);
            }

            // Ground truths sorted with ignored ones last.
            bool Ignore(GroundTruthBox one) => one.Crowd || one.Area < low || one.Area > high;
            var sorted = truths.Where(one => !Ignore(one)).Concat(truths.Where(Ignore)).ToList();
            total += truths.Count(one => !Ignore(one));

            var used = new bool[sorted.Count];
            foreach (var claim in claims)
            {
                var best = -1;
                var iou = Math.Min(threshold, 1 - 1e-10);
                for (var g = 0; g < sorted.Count; g++)
                {
                    if (used[g] && !sorted[g].Crowd)
                    {
                        continue; // already matched, and no crowd
                    }

                    if (best > -1 && !Ignore(sorted[best]) && Ignore(sorted[g]))
                    {
                        break; // matched to a regular one: do not move to an ignored one
                    }

                    var overlap = Iou(claim.Box, sorted[g]);
                    if (overlap < iou)
                    {
                        continue;
                    }

                    iou = overlap;
                    best = g;
                }

                var area = claim.Box.Width * claim.Box.Height;
                var isOutside = area < low || area > high;
                if (best == -1)
                {
                    judged.Add((claim.Score, false, isOutside));
                    continue;
                }

                used[best] = true;
                if (sorted[best].HasIdZero)
                {
                    judged.Add((claim.Score, false, Ignore(sorted[best]) || isOutside)); // the match is marked by the id 0, and so looks like none
                }
                else
                {
                    judged.Add((claim.Score, true, Ignore(sorted[best])));
                }
            }
        }

        if (total == 0)
        {
            return [-1];
        }

        var order = judged.Select((one, i) => (one, i)).ToList();
        order.Sort((a, b) => a.one.Score != b.one.Score ? b.one.Score.CompareTo(a.one.Score) : a.i.CompareTo(b.i));
        var (tp, fp) = (0.0, 0.0);
        var recalls = new List<double>();
        var precisions = new List<double>();
        foreach (var ((_, matched, ignored), _) in order)
        {
            tp += matched && !ignored ? 1 : 0;
            fp += !matched && !ignored ? 1 : 0;
            recalls.Add(tp / total);
            precisions.Add(tp / (fp + tp + (Math.BitIncrement(1.0) - 1.0))); // numpy.spacing(1) = 2^-52 guards the division
        }

        if (recall)
        {
            return [recalls.Count > 0 ? recalls[^1] : 0];
        }

        var at = new double[101];
        for (var step = 0; step <= 100; step++)
        {
            var level = step == 100 ? 1 : step * 0.01; // as numpy.linspace(0, 1, 101) rounds
            for (var i = 0; i < recalls.Count; i++)
            {
                if (recalls[i] >= level)
                {
                    at[step] = precisions.Skip(i).Max();
                    break;
                }
            }
        }

        return at;
    }

    private static List<DetectionBox> InDescendingScore(List<DetectionBox> claims)
    {
        var sorted = new List<DetectionBox>();
        foreach (var claim in claims)
        {
            var place = 0;
            while (place < sorted.Count && sorted[place].Score >= claim.Score)
            {
                place++;
            }

            sorted.Insert(place, claim);
        }

        return sorted;
    }

    private static double Iou(BoundingBox claim, GroundTruthBox truth)
    {
        var width = Math.Min(claim.X2, truth.Box.X2) - Math.Max(claim.X1, truth.Box.X1);
        var height = Math.Min(claim.Y2, truth.Box.Y2) - Math.Max(claim.Y1, truth.Box.Y1);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        var intersection = width * height;
        var own = claim.Width * claim.Height;
        return truth.Crowd ? intersection / own : intersection / (own + (truth.Box.Width * truth.Box.Height) - intersection);
    }
}
