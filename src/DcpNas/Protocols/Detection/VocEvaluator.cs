namespace DcpNas.Protocols.Detection;

/// <summary>The protocol of PASCAL VOC: average precision of each category, and its mean.</summary>
/// <remarks>
/// <para>
/// <b>Matching.</b> Detections of a category come in descending score, equal ones in the order given. Each looks at the one object of its image and category that
/// it overlaps most, the first of equal ones, found before or not. Below <see cref="VocOptions.IouThreshold"/> it is a false positive; at a difficult object it
/// counts neither way; at an object found before it is a false positive; else the object is found. Difficult objects are not in the divisor of recall.
/// </para>
/// <para>
/// <b>Exactness.</b> Double precision. The eleven recalls are compared as py-faster-rcnn, mmdetection and their kin compare them, <c>found / objects &gt;= k * 0.1</c> in
/// binary64, which a recall of exactly 0.3, 0.6 or 0.7 misses; <see cref="VocInterpolation.ElevenPointExact"/> compares fractions, <c>10 found &gt;= k objects</c>. The mean leaves
/// categories without objects out.
/// </para>
/// <para><b>Source.</b> Everingham et al., "The PASCAL Visual Object Classes (VOC) Challenge", 2010, and its development kit.</para>
/// </remarks>
public static class VocEvaluator
{
    private const int RecallSteps = 10;
    private const double RecallStep = 0.1;

    /// <summary>Evaluates detections.</summary>
    /// <param name="objects">What is there.</param>
    /// <param name="detections">What a detector claims, in any order.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="OptionsException">An option is out of range.</exception>
    /// <exception cref="InputException">A box or score cannot be evaluated.</exception>
    public static VocMetrics Evaluate(IReadOnlyList<GroundTruthBox> objects, IReadOnlyList<DetectionBox> detections, VocOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(objects);
        ArgumentNullException.ThrowIfNull(detections);
        options ??= new VocOptions();
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new OptionsException("VOC options", problems);
        }

        BoxChecks.Check(objects, detections, anySize: false);
        var objectsOf = objects.ToLookup(one => one.Category);
        var detectionsOf = detections.ToLookup(one => one.Category);
        return new VocMetrics([.. objectsOf.Select(group => group.Key).Union(detectionsOf.Select(group => group.Key)).Order()
            .Select(category => Judge(category, [.. objectsOf[category]], [.. detectionsOf[category].OrderByDescending(one => one.Score)], options))]);
    }

    private static VocCategory Judge(long category, GroundTruthBox[] objects, DetectionBox[] detections, VocOptions options)
    {
        var demanded = objects.Count(one => !one.Difficult);
        if (demanded == 0)
        {
            return new VocCategory(category, 0, detections.Length, null, [], []);
        }

        var found = new List<int>(detections.Length); // behind each detection that counts, how many objects are found
        foreach (var (verdict, _, _) in VocMatching.Of(objects, detections, options).Where(match => match.Verdict != VocVerdict.Ignored))
        {
            found.Add((found.Count > 0 ? found[^1] : 0) + (verdict == VocVerdict.Found ? 1 : 0));
        }

        double[] precision = [.. found.Select((count, rank) => count / (rank + 1.0))];
        var average = options.Interpolation == VocInterpolation.Area ? Area(found, precision, demanded)
            : ElevenPoint(found, precision, demanded, isExact: options.Interpolation == VocInterpolation.ElevenPointExact);
        return new VocCategory(category, demanded, detections.Length, average, [.. found.Select(count => count / (double)demanded)], precision);
    }

    private static double ElevenPoint(List<int> found, double[] precision, int demanded, bool isExact)
    {
        var sum = 0.0;
        var (step, best) = (RecallSteps, 0.0);
        for (var rank = found.Count - 1; rank >= 0 && step >= 0; rank--)
        {
            for (; step >= 0 && !Reaches(found[rank], step); step--)
            {
                sum += best; // no earlier detection reaches this recall
            }

            best = Math.Max(best, precision[rank]);
        }

        return found.Count == 0 ? 0 : (sum + ((step + 1) * best)) / (RecallSteps + 1);

        bool Reaches(int count, int level) => isExact ? RecallSteps * (long)count >= (long)level * demanded : count / (double)demanded >= level * RecallStep;
    }

    private static double Area(List<int> found, double[] precision, int demanded)
    {
        var (sum, envelope) = (0.0, 0.0);
        for (var rank = found.Count - 1; rank >= 0; rank--)
        {
            envelope = Math.Max(envelope, precision[rank]);
            sum += (found[rank] - (rank > 0 ? found[rank - 1] : 0)) * envelope;
        }

        return sum / demanded;
    }
}
