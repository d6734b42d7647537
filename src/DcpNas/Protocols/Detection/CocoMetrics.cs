namespace DcpNas.Protocols.Detection;

/// <summary>The twelve numbers of COCO's protocol, in COCO's order; -1 where there is nothing that could be found.</summary>
/// <param name="AveragePrecision">Over overlaps from 0.50 to 0.95.</param>
/// <param name="AveragePrecision50">At the overlap 0.50.</param>
/// <param name="AveragePrecision75">At the overlap 0.75.</param>
/// <param name="AveragePrecisionSmall">Objects of at most 32^2 pixels.</param>
/// <param name="AveragePrecisionMedium">Objects from 32^2 to 96^2 pixels.</param>
/// <param name="AveragePrecisionLarge">Objects of at least 96^2 pixels.</param>
/// <param name="AverageRecall1">Recall with one detection per image and category.</param>
/// <param name="AverageRecall10">With 10.</param>
/// <param name="AverageRecall100">With 100.</param>
/// <param name="AverageRecallSmall">Small objects, 100 detections.</param>
/// <param name="AverageRecallMedium">Medium ones.</param>
/// <param name="AverageRecallLarge">Large ones.</param>
/// <param name="Categories">Every category that was evaluated, by number.</param>
public sealed record CocoMetrics(
    double AveragePrecision,
    double AveragePrecision50,
    double AveragePrecision75,
    double AveragePrecisionSmall,
    double AveragePrecisionMedium,
    double AveragePrecisionLarge,
    double AverageRecall1,
    double AverageRecall10,
    double AverageRecall100,
    double AverageRecallSmall,
    double AverageRecallMedium,
    double AverageRecallLarge,
    IReadOnlyList<CocoCategory> Categories)
{
    /// <summary>The twelve numbers by the names that reach files.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Values() =>
    [
        new("AP", AveragePrecision),
        new("AP50", AveragePrecision50),
        new("AP75", AveragePrecision75),
        new("APs", AveragePrecisionSmall),
        new("APm", AveragePrecisionMedium),
        new("APl", AveragePrecisionLarge),
        new("AR1", AverageRecall1),
        new("AR10", AverageRecall10),
        new("AR100", AverageRecall100),
        new("ARs", AverageRecallSmall),
        new("ARm", AverageRecallMedium),
        new("ARl", AverageRecallLarge),
    ];
}

/// <summary>What COCO's protocol says about one category.</summary>
/// <param name="Category">Its number.</param>
/// <param name="Objects">Objects that are no crowd.</param>
/// <param name="AveragePrecision">Mean over the overlap thresholds and recalls, all areas, 100 detections per image; null where there is nothing to be found.</param>
/// <param name="AveragePrecision50">The same at the overlap 0.5 alone.</param>
/// <param name="AverageRecall">Mean over the overlap thresholds of the recall that is reached, all areas, 100 detections per image.</param>
public sealed record CocoCategory(long Category, int Objects, double? AveragePrecision, double? AveragePrecision50, double? AverageRecall);
