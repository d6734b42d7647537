using System.Globalization;

namespace DcpNas.Protocols.Detection;

/// <summary>What PASCAL VOC's protocol says about a detector.</summary>
/// <param name="Categories">Every category that has objects or detections, by number.</param>
public sealed record VocMetrics(IReadOnlyList<VocCategory> Categories)
{
    /// <summary>Mean average precision over the categories in which there is something to be found; -1 if there are none.</summary>
    public double MeanAveragePrecision { get; } = Categories.Select(category => category.AveragePrecision).OfType<double>().DefaultIfEmpty(-1).Average();

    /// <summary>The measures by the names that reach files: <c>mAP</c>, and <c>AP/C</c> for each category C in which there is something to be found.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Values() =>
    [
        new("mAP", MeanAveragePrecision),
        .. Categories.Where(category => category.AveragePrecision is not null).Select(category =>
            KeyValuePair.Create($"AP/{category.Category.ToString(CultureInfo.InvariantCulture)}", category.AveragePrecision!.Value)),
    ];
}

/// <summary>What PASCAL VOC's protocol says about one category.</summary>
/// <param name="Category">Its number.</param>
/// <param name="Objects">Objects to be found: those that are not difficult.</param>
/// <param name="Detections">Detections of the category, those that count neither way included.</param>
/// <param name="AveragePrecision">Average precision, or null where there is nothing to be found.</param>
/// <param name="Recall">Recall behind each detection that counts, in descending score; empty where there is nothing to be found.</param>
/// <param name="Precision">Precision behind each of them.</param>
public sealed record VocCategory(
    long Category, int Objects, int Detections, double? AveragePrecision, IReadOnlyList<double> Recall, IReadOnlyList<double> Precision);
