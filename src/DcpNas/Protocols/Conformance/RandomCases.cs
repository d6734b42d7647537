using DcpNas.Protocols.Detection;
using DcpNas.Protocols.ReIdentification;

namespace DcpNas.Protocols.Conformance;

/// <summary>Small random cases full of ties, crowds and empty sets; the same ones on every machine.</summary>
/// <remarks>Features are multiples of 1/8 in [-2, 2], so that every sum is exact in single precision and equal distances are equal in every implementation.</remarks>
internal static class RandomCases
{
    private const int MostDetections = 125;

    /// <summary>The protocols, by their keys in case files.</summary>
    public static IReadOnlyList<string> Protocols { get; } = ["re_identification", "voc", "coco"];

    /// <summary>The case of a protocol and number.</summary>
    public static IProtocolCase Create(string protocol, int number) => protocol switch
    {
        "re_identification" => ReIdentification(new SeededRandom(1, number)),
        "voc" => Voc(new SeededRandom(2, number)),
        _ => Coco(new SeededRandom(3, number)),
    };

    private static ReIdentificationCase ReIdentification(SeededRandom random)
    {
        var dimensions = 1 + random.Next(5);
        var identities = 2 + random.Next(5);
        var gallery = 1 + random.Next(random.Next(8) == 0 ? 150 : 30);
        PersonImage[] queries = [.. Enumerable.Range(0, 1 + random.Next(6)).Select(i => new PersonImage(random.Next(8) == 0 && i > 0 ? FeatureSet.Junk : 1 + random.Next(identities), 1 + random.Next(3), Feature()))];
        PersonImage[] images =
        [
            queries[0] with { Camera = queries[0].Camera + 1, Feature = Feature() }, // at least one query has a match
            .. Enumerable.Range(1, gallery).Select(_ => new PersonImage(random.Next(identities + 2) - 1, 1 + random.Next(3), Feature())),
        ];
        random.Shuffle<PersonImage>(images);
        var distance = random.Next(2) == 0 ? FeatureDistance.Cosine : FeatureDistance.SquaredEuclidean;
        var ranking = random.Next(3) == 0 ? new ReRankingCase(1 + random.Next(9), 1 + random.Next(6), random.Next(4) / 3.0) : null;
        return new ReIdentificationCase(
            distance, queries, images, random.Next(4) == 0 ? Pool() : null, ranking, random.Next(4) == 0 ? [.. SingleShot.Draw(images.Length, random.Next(1000), 1 + random.Next(4))] : null);

        float[] Feature() => [.. Enumerable.Range(0, dimensions).Select(_ => (random.Next(33) - 16) / 8f)];

        PoolCase? Pool()
        {
            int[] counts = [0, 1, 2, 4]; // their means are exact
            PersonImage[] pool = [.. queries.Where(query => query.Identity != FeatureSet.Junk).DistinctBy(query => (query.Identity, query.Camera))
                .SelectMany(query => Enumerable.Range(0, counts[random.Next(4)]).Select(_ => query with { Feature = Feature() }))];
            return pool.Length == 0 ? null : new PoolCase(random.Next(2) == 0 ? QueryPooling.Max : QueryPooling.Mean, pool);
        }
    }

    private static VocCase Voc(SeededRandom random)
    {
        var (images, categories) = (1 + random.Next(3), 1 + random.Next(3));
        VocObjectRecord[] objects = [.. Enumerable.Range(0, random.Next(12)).Select(_ =>
            new VocObjectRecord(1 + random.Next(images), 1 + random.Next(categories), Box(), random.Next(5) == 0))];
        VocDetectionRecord[] detections = [.. Enumerable.Range(0, random.Next(20)).Select(_ =>
            new VocDetectionRecord(1 + random.Next(images), 1 + random.Next(categories), Box(), (1 + random.Next(6)) / 8.0))];
        double[] thresholds = [0.5, 0.5, 0.25, 0.75];
        VocInterpolation[] interpolations = [VocInterpolation.Area, VocInterpolation.Area, VocInterpolation.ElevenPoint, VocInterpolation.ElevenPointExact];
        return new VocCase(
            interpolations[random.Next(interpolations.Length)], objects, detections, thresholds[random.Next(4)], random.Next(2) == 0);

        double[] Box()
        {
            var (x, y) = (random.Next(6), random.Next(3));
            return [x, y, x + 1 + random.Next(4), y + 1 + random.Next(4)];
        }
    }

    private static CocoCase Coco(SeededRandom random)
    {
        var (images, categories) = (1 + random.Next(3), 1 + random.Next(3));
        CocoAnnotationRecord[] objects = [.. Enumerable.Range(0, random.Next(9)).Select(i =>
        {
            var box = Box();
            return new CocoAnnotationRecord(
                1 + random.Next(images), 1 + random.Next(categories), box, random.Next(4) == 0 ? box[2] * box[3] / 2 : box[2] * box[3], random.Next(5) == 0 ? 1 : 0, i + 1);
        })];
        var count = random.Next(20) == 0 ? MostDetections : random.Next(14);
        CocoResultRecord[] results = [.. Enumerable.Range(0, count).Select(_ =>
        {
            var near = objects.Length > 0 && random.Next(3) > 0 ? objects[random.Next(objects.Length)] : null;
            return new CocoResultRecord(near?.ImageId ?? 1 + random.Next(images), near?.CategoryId ?? 1 + random.Next(categories), near is null ? Box() : Moved(near.Bbox), (1 + random.Next(6)) / 8.0);
        })];
        return new CocoCase(
            new CocoAnnotationsRecord(
                [.. Enumerable.Range(1, images).Select(id => new CocoImageEntry(id))], objects, [.. Enumerable.Range(1, categories + random.Next(2)).Select(id => new CocoCategoryEntry(id))]),
            results);

        // Sizes around the borders 32 and 96, and tiny ones, whose overlaps are often equal.
        double[] Box()
        {
            int[] sizes = [4, 31, 95];
            var size = sizes[random.Next(3)];
            return [random.Next(8) * size / 4.0, random.Next(3) * size / 4.0, size + random.Next(3), size + random.Next(3)];
        }

        double[] Moved(double[] box) => random.Next(4) == 0
            ? box
            : [box[0] + (random.Next(3) * box[2] / 16), box[1] + (random.Next(3) * box[3] / 16), box[2], Math.Max(1, box[3] - random.Next(2))];
    }
}
