namespace DcpNas.Protocols.Detection;

/// <summary>The protocol of COCO for boxes: twelve numbers, equal to those of pycocotools.</summary>
/// <remarks>
/// <para>
/// <b>Matching.</b> Per image and category, the 100 best detections in descending score, equal ones in the order given. Objects outside the area range and
/// <c>iscrowd</c> ones are ignored and come last. Each detection takes the object of largest overlap that is not taken, from <c>min(t, 1 - 1e-10)</c> on, the last
/// one of equal overlaps; once it has a demanded object it does not move to an ignored one. A crowd can be taken any number of times, and its overlap is
/// intersection over the detection's own area. Detections of an ignored object, and unmatched ones whose own area is outside the range, count neither way.
/// </para>
/// <para>
/// <b>Odd input.</b> A box of negative size overlaps nothing: an object of that kind is demanded, but never found. An object whose annotation has the id 0 is taken by a detection, which counts as if it had
/// found nothing: pycocotools marks a match by that id.
/// </para>
/// <para>
/// <b>Averages.</b> Thresholds 0.50, 0.55, ..., 0.95; precision is the monotone envelope at the recalls 0, 0.01, ..., 1, over all images together, equal scores in
/// ascending order of the images. Categories without a demanded object are left out of means; where no category is left, the number is -1.
/// </para>
/// <para>
/// <b>Exactness.</b> Double precision, the thresholds and recalls rounded as NumPy rounds them; means over categories are summed in another order than NumPy's,
/// which may change the last digit.
/// </para>
/// <para><b>Source.</b> Lin et al., arXiv:1405.0312; cocoapi, <c>cocoeval.py</c> and <c>maskApi.c</c>, whose behaviour is followed, not their code.</para>
/// </remarks>
public static class CocoEvaluator
{
    private const int All = 0;

    /// <summary>Evaluates detections.</summary>
    /// <param name="images">The images that were looked at, also those without objects; null for all that occur.</param>
    /// <param name="categories">The categories to evaluate; detections and objects of others are left out. Null for all that have objects.</param>
    /// <param name="objects">What is there.</param>
    /// <param name="detections">What a detector claims, in any order.</param>
    /// <exception cref="InputException">A box or score cannot be evaluated, or an image is none of <paramref name="images"/>.</exception>
    public static CocoMetrics Evaluate(
        IReadOnlyCollection<long>? images, IReadOnlyCollection<long>? categories, IReadOnlyList<GroundTruthBox> objects, IReadOnlyList<DetectionBox> detections)
    {
        ArgumentNullException.ThrowIfNull(objects);
        ArgumentNullException.ThrowIfNull(detections);
        BoxChecks.Check(objects, detections, anySize: true);
        if (images is not null)
        {
            CheckImages(images.ToHashSet(), objects, detections);
        }

        var objectsOf = objects.ToLookup(one => one.Category);
        var detectionsOf = detections.ToLookup(one => one.Category);
        long[] numbers = [.. (categories ?? objectsOf.Select(group => group.Key)).Distinct().Order()];
        CocoTable[] tables = [.. numbers.Select(number => new CocoTable(ImagesOf(objectsOf[number], detectionsOf[number])))];
        var every = Enumerable.Range(0, CocoRules.Overlaps.Length).ToArray();
        return new CocoMetrics(
            Precision(tables, All, every),
            Precision(tables, All, [0]),
            Precision(tables, All, [5]),
            Precision(tables, 1, every),
            Precision(tables, 2, every),
            Precision(tables, 3, every),
            Recall(tables, All, 1),
            Recall(tables, All, 10),
            Recall(tables, All, CocoRules.MostDetections),
            Recall(tables, 1, CocoRules.MostDetections),
            Recall(tables, 2, CocoRules.MostDetections),
            Recall(tables, 3, CocoRules.MostDetections),
            [.. numbers.Select((number, i) => Describe(number, objectsOf[number].Count(one => !one.Crowd), tables[i], every))]);
    }

    /// <summary>Evaluates detections on the images and categories of an annotation file.</summary>
    /// <inheritdoc cref="Evaluate(IReadOnlyCollection{long}?, IReadOnlyCollection{long}?, IReadOnlyList{GroundTruthBox}, IReadOnlyList{DetectionBox})"/>
    public static CocoMetrics Evaluate(CocoAnnotations annotations, IReadOnlyList<DetectionBox> detections)
    {
        ArgumentNullException.ThrowIfNull(annotations);
        return Evaluate([.. annotations.Images.Select(image => image.Id)], [.. annotations.Categories.Select(one => one.Id)], annotations.Objects, detections);
    }

    private static CocoCategory Describe(long number, int objects, CocoTable table, int[] every) => table.Demanded(All) == 0
        ? new CocoCategory(number, objects, null, null, null)
        : new CocoCategory(number, objects, Precision([table], All, every), Precision([table], All, [0]), Recall([table], All, CocoRules.MostDetections));

    private static CocoImage[] ImagesOf(IEnumerable<GroundTruthBox> objects, IEnumerable<DetectionBox> detections)
    {
        var objectsOf = objects.ToLookup(one => one.Image);
        var detectionsOf = detections.ToLookup(one => one.Image);
        return [.. objectsOf.Select(group => group.Key).Union(detectionsOf.Select(group => group.Key)).Order()
            .Select(image => new CocoImage([.. objectsOf[image]], detectionsOf[image]))];
    }

    private static double Precision(CocoTable[] tables, int area, int[] overlaps) =>
        Mean(tables.Where(table => table.Demanded(area) > 0).SelectMany(table => overlaps.Select(overlap => table.PrecisionAt(area, overlap))));

    private static double Recall(CocoTable[] tables, int area, int most) => Mean(tables.Where(table => table.Demanded(area) > 0)
        .SelectMany(table => Enumerable.Range(0, CocoRules.Overlaps.Length).Select(overlap => table.RecallAt(area, most, overlap))));

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(-1).Average();

    private static void CheckImages(HashSet<long> images, IReadOnlyList<GroundTruthBox> objects, IReadOnlyList<DetectionBox> detections)
    {
        var places = objects.Select((one, i) => (one.Image, Place: $"objects[{i}]")).Concat(detections.Select((one, i) => (one.Image, Place: $"detections[{i}]")));
        foreach (var (image, place) in places)
        {
            if (!images.Contains(image))
            {
                throw new InputException($"{place}: the image must be one of the {images.Count} that are evaluated, got {image}. Remove the box, or evaluate its image too.");
            }
        }
    }
}
