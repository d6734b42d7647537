using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.Evaluation;
using DcpNas.Protocols.Detection;
using static System.FormattableString;

namespace DcpNas.Tasks.Detection;

/// <summary>What an evaluation of a detector has left.</summary>
public sealed record DetectionEvaluationOutcome : IEvaluationOutcome
{
    /// <summary>The checkpoint.</summary>
    public required string Model { get; init; }

    /// <summary>The honest name of the data.</summary>
    public required string Dataset { get; init; }

    /// <summary>test or valid.</summary>
    public required string Split { get; init; }

    /// <summary>Images that were evaluated.</summary>
    public required int Images { get; init; }

    /// <summary>One name per class.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>PASCAL VOC with the area below the curve.</summary>
    public required VocMetrics Area { get; init; }

    /// <summary>PASCAL VOC with eleven points.</summary>
    public required VocMetrics ElevenPoint { get; init; }

    /// <summary>Whether the eleven recalls are exact tenths, and not those of the field's tools.</summary>
    public bool IsExact { get; init; }

    /// <summary>The numbers of COCO.</summary>
    public required CocoMetrics Coco { get; init; }

    /// <summary>What the network costs.</summary>
    public required CostReport Cost { get; init; }

    /// <summary>The file with everything.</summary>
    public required string JsonPath { get; init; }

    /// <summary>The page.</summary>
    public required string PagePath { get; init; }

    /// <summary>The detections in COCO's format of results.</summary>
    public required string ResultsPath { get; init; }

    /// <summary>What is there, as an annotation file of COCO's with the same numbers of images and categories; null where the data have one.</summary>
    public string? GroundTruthPath { get; init; }

    /// <summary>As JSON, keys in snake_case.</summary>
    public JsonObject ToJson() => new()
    {
        ["model"] = Model,
        ["dataset"] = Dataset,
        ["split"] = Split,
        ["images"] = Images,
        ["voc"] = new JsonObject
        {
            ["map50_area"] = Area.MeanAveragePrecision,
            [IsExact ? "map50_11point_exact" : "map50_11point"] = ElevenPoint.MeanAveragePrecision,
        },
        ["coco"] = new JsonObject(Coco.Values().Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        ["per_class"] = new JsonArray([.. Area.Categories.Select(category => (JsonNode)new JsonObject
        {
            ["class"] = ClassNames[(int)category.Category],
            ["objects"] = category.Objects,
            ["detections"] = category.Detections,
            ["ap50_area"] = category.AveragePrecision,
            [IsExact ? "ap50_11point_exact" : "ap50_11point"] = ElevenPoint.Categories.First(other => other.Category == category.Category).AveragePrecision,
            ["ap_coco"] = Coco.Categories.FirstOrDefault(other => other.Category == category.Category)?.AveragePrecision,
        })]),
        ["cost"] = new JsonObject { ["ops"] = Cost.Total.Ops, ["bops"] = Cost.Total.Bops, ["flops"] = Cost.Total.Flops, ["memory_mbit"] = Cost.Total.Mbit },
        ["results_path"] = ResultsPath,
        ["ground_truth_path"] = GroundTruthPath,
    };

    /// <inheritdoc/>
    public IEnumerable<EvaluationPart> Summary() =>
    [
        new EvaluationLine(Invariant($"{Model} on {Dataset}, {Split} split, {Images} {(Images == 1 ? "image" : "images")}")),
        new EvaluationLine($"VOC mAP      {Number(Area.MeanAveragePrecision)} by area, {Number(ElevenPoint.MeanAveragePrecision)} by 11 points (IoU 0.5; "
            + (IsExact ? "recalls are exact tenths, NOT those of py-faster-rcnn and mmdetection)" : "recalls k * 0.1 in binary64, as in py-faster-rcnn and mmdetection)")),
        new EvaluationTable(["COCO", "value"], [.. Coco.Values().Select(pair => (IReadOnlyList<string>)[pair.Key, Number(pair.Value)])]),
        new EvaluationTable(["class", "objects", "detections", "AP50"], [.. Area.Categories.Take(EvaluationTable.ShownClasses).Select(category => (IReadOnlyList<string>)
        [
            ClassNames[(int)category.Category], Invariant($"{category.Objects}"), Invariant($"{category.Detections}"),
            category.AveragePrecision is { } precision ? Number(precision) : "-",
        ])]),
        new EvaluationCost(Cost),
        new EvaluationLine($"measures    {JsonPath}"),
        new EvaluationLine($"page        {PagePath}"),
        new EvaluationLine($"detections  {ResultsPath}"),
        .. GroundTruthPath is { } truth ? (EvaluationPart[])[new EvaluationLine($"truth       {truth}")] : [],
    ];

    private static string Number(double value) => value < 0 ? "-" : Invariant($"{value:0.0000}");
}
