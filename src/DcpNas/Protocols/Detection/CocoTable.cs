namespace DcpNas.Protocols.Detection;

/// <summary>One category, all images: precision and recall for each area and overlap threshold.</summary>
internal sealed class CocoTable
{
    /// <summary>Numbers of detections per image at which recall is measured.</summary>
    private static readonly int[] DetectionCounts = [1, 10, CocoRules.MostDetections];

    private readonly double[,] _precision = new double[CocoRules.Areas.Length, CocoRules.Overlaps.Length]; // mean over the recalls, all detections
    private readonly double[,,] _recall = new double[CocoRules.Areas.Length, DetectionCounts.Length, CocoRules.Overlaps.Length];
    private readonly int[] _demanded = new int[CocoRules.Areas.Length];

    /// <summary>Evaluates the images of a category, which stand in ascending number.</summary>
    public CocoTable(CocoImage[] images)
    {
        // The stable sort over all detections is that over the first few of each image too, once the others are left out.
        var starts = new int[images.Length + 1];
        for (var i = 0; i < images.Length; i++)
        {
            starts[i + 1] = starts[i] + images[i].Detections.Count;
        }

        int[] ranks = [.. images.SelectMany(image => Enumerable.Range(0, image.Detections.Count))];
        double[] scores = [.. images.SelectMany(image => image.Detections.Select(one => one.Score))];
        int[] order = [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i])];
        var verdicts = new CocoVerdict[scores.Length];
        for (var area = 0; area < CocoRules.Areas.Length; area++)
        {
            _demanded[area] = images.Sum(image => image.Select(CocoRules.Areas[area]));
            if (_demanded[area] == 0)
            {
                continue;
            }

            for (var overlap = 0; overlap < CocoRules.Overlaps.Length; overlap++)
            {
                for (var i = 0; i < images.Length; i++)
                {
                    images[i].Match(CocoRules.Overlaps[overlap], CocoRules.Areas[area], verdicts.AsSpan(starts[i]..starts[i + 1]));
                }

                _precision[area, overlap] = Precision(order, verdicts, _demanded[area]);
                for (var count = 0; count < DetectionCounts.Length; count++)
                {
                    _recall[area, count, overlap] = Recall(ranks, verdicts, DetectionCounts[count], _demanded[area]);
                }
            }
        }
    }

    /// <summary>Objects to be found in an area, by its place in <see cref="CocoRules.Areas"/>.</summary>
    public int Demanded(int area) => _demanded[area];

    /// <summary>Mean precision over the recalls, at one overlap threshold and 100 detections per image.</summary>
    public double PrecisionAt(int area, int overlap) => _precision[area, overlap];

    /// <summary>Recall at one overlap threshold and 1, 10 or 100 detections per image.</summary>
    public double RecallAt(int area, int count, int overlap) => _recall[area, Array.IndexOf(DetectionCounts, count), overlap];

    private static double Recall(int[] ranks, CocoVerdict[] verdicts, int most, int demanded)
    {
        var right = 0;
        for (var i = 0; i < verdicts.Length; i++)
        {
            right += ranks[i] < most && verdicts[i] == CocoVerdict.Right ? 1 : 0;
        }

        return right / (double)demanded;
    }

    private static double Precision(int[] order, CocoVerdict[] verdicts, int demanded)
    {
        var recall = new double[order.Length];
        var precision = new double[order.Length];
        var (right, wrong) = (0, 0);
        for (var i = 0; i < order.Length; i++)
        {
            right += verdicts[order[i]] == CocoVerdict.Right ? 1 : 0;
            wrong += verdicts[order[i]] == CocoVerdict.Wrong ? 1 : 0;
            recall[i] = right / (double)demanded;
            precision[i] = right / (right + wrong + CocoRules.Guard);
        }

        for (var i = order.Length - 1; i > 0; i--)
        {
            precision[i - 1] = Math.Max(precision[i - 1], precision[i]);
        }

        var (sum, at) = (0.0, 0);
        foreach (var level in CocoRules.Recalls)
        {
            while (at < recall.Length && recall[at] < level)
            {
                at++;
            }

            sum += at < recall.Length ? precision[at] : 0;
        }

        return sum / CocoRules.Recalls.Length;
    }
}
