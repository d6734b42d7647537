namespace DcpNas.Protocols.Detection;

/// <summary>One category in one image: its best detections, its objects, and how they overlap.</summary>
internal sealed class CocoImage
{
    private readonly GroundTruthBox[] _objects;
    private readonly DetectionBox[] _detections;
    private readonly double[] _overlaps; // [detection, object]
    private readonly int[] _order;
    private readonly bool[] _ignored; // by the place in _order
    private readonly bool[] _taken;

    /// <summary>Takes the best detections and computes overlaps.</summary>
    public CocoImage(GroundTruthBox[] objects, IEnumerable<DetectionBox> detections)
    {
        _objects = objects;
        _detections = [.. detections.OrderByDescending(one => one.Score).Take(CocoRules.MostDetections)];
        _overlaps = [.. _detections.SelectMany(detection => objects.Select(one => Overlap(detection.Box, one)))];
        (_order, _ignored, _taken) = (new int[objects.Length], new bool[objects.Length], new bool[objects.Length]);
    }

    /// <summary>The detections in descending score.</summary>
    public IReadOnlyList<DetectionBox> Detections => _detections;

    /// <summary>Decides which objects an area demands, and sorts the ignored ones to the end; returns the number of those demanded.</summary>
    public int Select((double From, double To) area)
    {
        var at = 0;
        foreach (var ignored in (bool[])[false, true])
        {
            for (var i = 0; i < _objects.Length; i++)
            {
                if ((_objects[i].Crowd || IsOutside(_objects[i].Area, area)) == ignored)
                {
                    (_order[at], _ignored[at]) = (i, ignored);
                    at++;
                }
            }
        }

        return _ignored.Count(one => !one);
    }

    /// <summary>What each detection is at one overlap threshold, for the area of the last <see cref="Select"/>.</summary>
    public void Match(double threshold, (double From, double To) area, Span<CocoVerdict> verdicts)
    {
        Array.Clear(_taken);
        for (var detection = 0; detection < _detections.Length; detection++)
        {
            var best = Best(detection, Math.Min(threshold, CocoRules.LargestOverlap));
            if (best >= 0)
            {
                _taken[best] = true;
            }

            // An object without a number is taken, but pycocotools, which marks matches by numbers, sees none.
            var isFound = best >= 0 && !_objects[_order[best]].HasIdZero;
            var ignored = (best >= 0 && _ignored[best]) || (!isFound && IsOutside(_detections[detection].Box.Area, area));
            verdicts[detection] = ignored ? CocoVerdict.Ignored : isFound ? CocoVerdict.Right : CocoVerdict.Wrong;
        }
    }

    /// <summary>The place in the order of the object that a detection finds, or -1; of equal overlaps the last one, as in pycocotools.</summary>
    private int Best(int detection, double least)
    {
        var best = -1;
        for (var at = 0; at < _order.Length; at++)
        {
            if (best >= 0 && !_ignored[best] && _ignored[at])
            {
                break; // a demanded object is found: no ignored one takes its place
            }

            var overlap = _overlaps[(detection * _objects.Length) + _order[at]];
            if (overlap >= least && (!_taken[at] || _objects[_order[at]].Crowd))
            {
                (best, least) = (at, overlap);
            }
        }

        return best;
    }

    private static bool IsOutside(double area, (double From, double To) range) => area < range.From || area > range.To;

    private static double Overlap(in BoundingBox detection, GroundTruthBox truth)
    {
        var width = Math.Min(detection.X2, truth.Box.X2) - Math.Max(detection.X1, truth.Box.X1);
        var height = Math.Min(detection.Y2, truth.Box.Y2) - Math.Max(detection.Y1, truth.Box.Y1);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        var common = width * height;
        return common / (truth.Crowd ? detection.Area : detection.Area + truth.Box.Area - common);
    }
}
