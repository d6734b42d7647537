namespace DcpNas.Protocols.Detection;

/// <summary>What a detector gets wrong by PASCAL VOC's protocol.</summary>
/// <param name="False">Detections that find nothing, the surest first.</param>
/// <param name="Missed">Objects to be found that no detection finds, the largest first.</param>
public sealed record VocMistakes(IReadOnlyList<FalseDetection> False, IReadOnlyList<GroundTruthBox> Missed)
{
    /// <summary>Evaluates detections as <see cref="VocEvaluator"/> does.</summary>
    /// <param name="objects">What is there.</param>
    /// <param name="detections">What a detector claims, in any order.</param>
    /// <param name="options">How; null for the defaults.</param>
    public static VocMistakes Of(IReadOnlyList<GroundTruthBox> objects, IReadOnlyList<DetectionBox> detections, VocOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(objects);
        ArgumentNullException.ThrowIfNull(detections);
        options ??= new VocOptions();
        var (wrong, missed) = (new List<FalseDetection>(), new List<GroundTruthBox>());
        var detectionsOf = detections.ToLookup(one => one.Category);
        var objectsOf = objects.ToLookup(one => one.Category);
        foreach (var category in objects.Select(one => one.Category).Union(detections.Select(one => one.Category)))
        {
            GroundTruthBox[] there = [.. objectsOf[category]];
            DetectionBox[] claimed = [.. detectionsOf[category].OrderByDescending(one => one.Score)];
            var matches = VocMatching.Of(there, claimed, options);
            wrong.AddRange(claimed.Zip(matches).Where(pair => pair.Second.Verdict is VocVerdict.Wrong or VocVerdict.Repeated)
                .Select(pair => new FalseDetection(pair.First, pair.Second.Verdict, pair.Second.Overlap, Confused(pair.First, pair.Second.Verdict))));
            var found = matches.Where(match => match.Verdict == VocVerdict.Found).Select(match => match.Object).ToHashSet();
            missed.AddRange(there.Where((one, place) => !one.Difficult && !found.Contains(place)));
        }

        return new VocMistakes(
            [.. wrong.OrderByDescending(one => one.Detection.Score).ThenBy(one => one.Detection.Image)], [.. missed.OrderByDescending(one => one.Box.Area).ThenBy(one => one.Image)]);

        GroundTruthBox? Confused(DetectionBox detection, VocVerdict verdict) => verdict == VocVerdict.Repeated ? null : objects
            .Where(one => one.Image == detection.Image && one.Category != detection.Category)
            .Select(one => (Object: one, Overlap: VocMatching.Overlap(detection.Box, one.Box, options.InclusivePixels ? 1 : 0)))
            .Where(pair => pair.Overlap >= options.IouThreshold).OrderByDescending(pair => pair.Overlap).Select(pair => pair.Object).FirstOrDefault();
    }
}

/// <summary>A detection that finds nothing.</summary>
/// <param name="Detection">The detection.</param>
/// <param name="Verdict"><see cref="VocVerdict.Wrong"/> or <see cref="VocVerdict.Repeated"/>.</param>
/// <param name="Overlap">Its overlap with the nearest object of its category; 0 where there is none.</param>
/// <param name="Confused">The object of another category that it lies on, or null.</param>
public sealed record FalseDetection(DetectionBox Detection, VocVerdict Verdict, double Overlap, GroundTruthBox? Confused);
