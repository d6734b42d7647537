using System.Text.Json.Nodes;

namespace DcpNas.Tasks.Classification;

/// <summary>The measures of a classifier on a set of images. Shares are from 0 to 1.</summary>
public sealed record ClassificationMetrics
{
    private readonly long[,] _confusion;

    internal ClassificationMetrics(long[,] confusion, double top5, CalibrationMetrics calibration)
    {
        (_confusion, Top5, Calibration) = (confusion, top5, calibration);
        PerClass = [.. Enumerable.Range(0, Classes).Select(label => new ClassMetrics(label, Row(label), Column(label), confusion[label, label]))];
        Images = PerClass.Sum(one => one.Count);
    }

    /// <summary>Number of classes.</summary>
    public int Classes => _confusion.GetLength(0);

    /// <summary>Number of images.</summary>
    public long Images { get; }

    /// <summary>Share of images whose label has the largest logit; ties as in <see cref="ClassificationTally"/>.</summary>
    public double Top1 => (double)PerClass.Sum(one => one.Right) / Images;

    /// <summary>Share of images whose label is among the five largest logits; 1 where there are no more than five classes.</summary>
    public double Top5 { get; }

    /// <summary>Mean cross entropy in nats, without label smoothing.</summary>
    public double Loss => Calibration.NegativeLogLikelihood;

    /// <summary>Mean of F1 over the classes that occur or were predicted.</summary>
    public double MacroF1 => PerClass.Average(one => one.F1) ?? 0;

    /// <summary>One row per class.</summary>
    public IReadOnlyList<ClassMetrics> PerClass { get; }

    /// <summary>How far the probabilities can be believed.</summary>
    public CalibrationMetrics Calibration { get; }

    /// <summary>Images of a class that were taken for another (or the same).</summary>
    /// <param name="label">The true class.</param>
    /// <param name="predicted">The predicted class.</param>
    public long Confusion(int label, int predicted) => _confusion[label, predicted];

    /// <summary>Everything, for files.</summary>
    /// <param name="classNames">One per class.</param>
    public JsonObject ToJson(IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        return new JsonObject
        {
            ["images"] = Images,
            ["top1"] = Top1,
            ["top5"] = Top5,
            ["loss"] = Loss,
            ["macro_f1"] = MacroF1,
            ["calibration"] = Calibration.ToJson(),
            ["per_class"] = new JsonArray([.. PerClass.Select(one => new JsonObject
            {
                ["label"] = one.Label,
                ["name"] = classNames[one.Label],
                ["count"] = one.Count,
                ["predicted"] = one.Predicted,
                ["right"] = one.Right,
                ["precision"] = one.Precision,
                ["recall"] = one.Recall,
                ["f1"] = one.F1,
            })]),
            ["confusion"] = new JsonArray([.. Enumerable.Range(0, Classes).Select(label =>
                new JsonArray([.. Enumerable.Range(0, Classes).Select(predicted => (JsonNode)_confusion[label, predicted])]))]),
        };
    }

    private long Row(int label) => Enumerable.Range(0, Classes).Sum(predicted => _confusion[label, predicted]);

    private long Column(int predicted) => Enumerable.Range(0, Classes).Sum(label => _confusion[label, predicted]);
}
