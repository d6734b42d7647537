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
