namespace DcpNas.Protocols.Detection;

/// <summary>What PASCAL VOC's protocol says about one category.</summary>
/// <param name="Category">Its number.</param>
/// <param name="Objects">Objects to be found: those that are not difficult.</param>
/// <param name="Detections">Detections of the category, those that count neither way included.</param>
/// <param name="AveragePrecision">Average precision, or null where there is nothing to be found.</param>
/// <param name="Recall">Recall behind each detection that counts, in descending score; empty where there is nothing to be found.</param>
/// <param name="Precision">Precision behind each of them.</param>
public sealed record VocCategory(
    long Category, int Objects, int Detections, double? AveragePrecision, IReadOnlyList<double> Recall, IReadOnlyList<double> Precision);
