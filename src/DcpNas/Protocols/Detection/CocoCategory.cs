namespace DcpNas.Protocols.Detection;

/// <summary>What COCO's protocol says about one category.</summary>
/// <param name="Category">Its number.</param>
/// <param name="Objects">Objects that are no crowd.</param>
/// <param name="AveragePrecision">Mean over the overlap thresholds and recalls, all areas, 100 detections per image; null where there is nothing to be found.</param>
/// <param name="AveragePrecision50">The same at the overlap 0.5 alone.</param>
/// <param name="AverageRecall">Mean over the overlap thresholds of the recall that is reached, all areas, 100 detections per image.</param>
public sealed record CocoCategory(long Category, int Objects, double? AveragePrecision, double? AveragePrecision50, double? AverageRecall);
