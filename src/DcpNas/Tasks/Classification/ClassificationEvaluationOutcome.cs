using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.Data;
using DcpNas.Evaluation;
using static System.FormattableString;

namespace DcpNas.Tasks.Classification;

/// <summary>What a trained classifier did on a split.</summary>
public sealed record ClassificationEvaluationOutcome : IEvaluationOutcome
{
    /// <summary>What the key <c>format</c> of the JSON form says.</summary>
    public const string Format = "dcpnas-evaluation-1";

    /// <summary>The checkpoint or run that was evaluated.</summary>
    public required string Model { get; init; }

    /// <summary>What reports call the data.</summary>
    public required string Dataset { get; init; }

    /// <summary>test or valid.</summary>
    public required string Split { get; init; }

    /// <summary>The names of the classes.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>All measures.</summary>
    public required ClassificationMetrics Metrics { get; init; }

    /// <summary>What the network costs at inference.</summary>
    public required CostReport Cost { get; init; }

    /// <summary>What was predicted, image by image.</summary>
    public required IReadOnlyList<Prediction> Predictions { get; init; }

    /// <summary>The images.</summary>
    public required IImageDataset Images { get; init; }

    /// <summary>Which of them, in the order of <see cref="Predictions"/>.</summary>
    public required IReadOnlyList<int> Indices { get; init; }

    /// <summary>The network, as its checkpoint describes it.</summary>
    public required JsonObject Network { get; init; }

    /// <summary>Where <see cref="ToJson"/> was written.</summary>
    public string JsonPath { get; init; } = "";

    /// <summary>Where the page was written.</summary>
    public string PagePath { get; init; } = "";

    /// <summary>Everything but the images, for files.</summary>
    public JsonObject ToJson() => new()
    {
        ["format"] = Format,
        ["model"] = Model,
        ["dataset"] = Dataset,
        ["split"] = Split,
        ["metrics"] = Metrics.ToJson(ClassNames),
        ["cost"] = JsonNode.Parse(Cost.ToJson())!["total"]!.DeepClone(),
        ["network"] = Network.DeepClone(),
    };

    /// <inheritdoc/>
    public IEnumerable<EvaluationPart> Summary() =>
    [
        new EvaluationLine(Invariant($"{Model} on {Dataset}, {Split} split, {Metrics.Images} {(Metrics.Images == 1 ? "image" : "images")}")),
        new EvaluationLine($"top-1        {Percent(Metrics.Top1)}"),
        new EvaluationLine($"top-5        {Percent(Metrics.Top5)}{(Metrics.Classes > 5 ? "" : Invariant($" (there are only {Metrics.Classes} classes)"))}"),
        new EvaluationLine(Invariant($"loss         {Metrics.Loss:0.0000} (cross entropy = negative log likelihood)")),
        new EvaluationLine(Invariant(
            $"calibration  expected error {Metrics.Calibration.ExpectedError * 100:0.00} %, largest {Metrics.Calibration.MaximumError * 100:0.00} %, Brier {Metrics.Calibration.Brier:0.0000}")),
        new EvaluationTable(
            ["class", "images", "precision", "recall", "F1"],
            [.. Metrics.PerClass.Take(EvaluationTable.ShownClasses).Select(one =>
                (IReadOnlyList<string>)[ClassNames[one.Label], Invariant($"{one.Count}"), Percent(one.Precision), Percent(one.Recall), Percent(one.F1)])]) { IsRight = true },
        new EvaluationCost(Cost),
        new EvaluationLine($"measures  {JsonPath}"),
        new EvaluationLine($"page      {PagePath}"),
    ];

    private static string Percent(double? share) => share is { } value ? Invariant($"{value * 100:0.00} %") : "-";
}
