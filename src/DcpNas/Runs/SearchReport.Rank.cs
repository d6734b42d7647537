using System.Globalization;
using System.Text.Json.Nodes;
using DcpNas.Runs.Report;

namespace DcpNas.Runs;

public static partial class SearchReport
{
    private const string Accuracy = "test_top1";

    /// <summary>What the search knows of trained random networks, from <see cref="RunFiles.Rank"/>.</summary>
    private static void AddRank(HtmlBlock block, JsonObject rank)
    {
        var (rows, found) = (Objects(rank["rows"]), rank["found"] as JsonObject);
        block.Paragraph($"{rows.Count} random networks of {JsonFiles.Show(rank["population"])}, trained alike, against what the search said of them after {JsonFiles.Show(rank["epoch"])} of "
            + $"{JsonFiles.Show(rank["epochs"])} epochs: the likelihood of each genotype under alpha, and its accuracy with shared weights on {JsonFiles.Show(rank["images"])} images that alpha learned from.");
        if (found is not null)
        {
            block.Notice(Place(found, rows.Count));
        }

        block.Table(["score", "Kendall's tau-b#", "p#"], Objects(rank["measures"]).Select(measure => (string[])
            [JsonFiles.Show(measure["name"]), Number(measure["kendall_tau_b"], "+0.000;-0.000;0.000"), Number(measure["p"], "0.000")]));
        block.Charts(Objects(rank["measures"]).Where(measure => !JsonFiles.Show(measure["key"]).EndsWith("_loss", StringComparison.Ordinal)).Select(measure =>
        {
            var key = JsonFiles.Show(measure["key"]);
            return new ScatterChart
            {
                Title = $"Trained accuracy against {JsonFiles.Show(measure["name"])}",
                XLabel = JsonFiles.Show(measure["name"]),
                YLabel = "test top-1 of the trained network",
                Points = [.. rows.Select(row => Point(row, key))],
                Mark = found is not null && found[key] is not null && found[Accuracy] is not null ? Point(found, key) with { Name = "found by the search" } : null,
            }.Render();
        }));
        block.Note("tau-b: 1 where the score orders the networks as their trained accuracy does, 0 where it says nothing, -1 where it says the opposite; cross entropies count from high to "
            + "low. p: the chance of a tau at least as far from 0 if the score said nothing. Red: the network that the search found.");
    }

    private static string Place(JsonObject found, int networks) => MetricRecord.Decode(found["percentile"]) is { } percentile && MetricRecord.Decode(found[Accuracy]) is { } accuracy
        ? string.Create(CultureInfo.InvariantCulture, $"The found network reaches {accuracy * 100:0.00} % when trained like the random ones: percentile {percentile:0.0} (that many per cent of them are worse; {networks} were scored).")
        : "The accuracy of the found network when trained like the random ones is not known, so that it has no percentile. Train it, then call dcpnas rank with --trained.";

    private static (double X, double Y, string Name) Point(JsonObject row, string key) =>
        (MetricRecord.Decode(row[key]) ?? double.NaN, MetricRecord.Decode(row[Accuracy]) ?? double.NaN, JsonFiles.Show(row["name"]));

    private static List<JsonObject> Objects(JsonNode? array) => [.. (array as JsonArray ?? []).OfType<JsonObject>()];

    private static string Number(JsonNode? value, string format) => MetricRecord.Decode(value) is { } number ? number.ToString(format, CultureInfo.InvariantCulture) : "none";
}
