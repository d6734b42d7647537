using System.Globalization;
using DcpNas.Cost;
using DcpNas.Data;
using DcpNas.Runs.Report;

namespace DcpNas.Tasks.Classification;

/// <summary>The page of an evaluation: headline, confusion matrix, classes, reliability diagram, cost and sample predictions.</summary>
internal static class ClassificationEvaluationReport
{
    private const int Samples = 18;
    private const int ConfusedPairs = 12;

    /// <summary>The page as text.</summary>
    /// <param name="evaluated">What was measured.</param>
    public static string Render(ClassificationEvaluationOutcome evaluated)
    {
        var metrics = evaluated.Metrics;
        var page = new HtmlPage($"Evaluation: {evaluated.Model}")
        {
            Subtitle = $"{evaluated.Dataset}, {evaluated.Split} split, {metrics.Images} images, {metrics.Classes} classes; one pass over every image, no test-time augmentation. "
                + $"{evaluated.Cost.Describe()}.",
        };
        page.Lead.Tiles(
        [
            ("top-1", Percent(metrics.Top1)),
            ("top-5", metrics.Classes > 5 ? Percent(metrics.Top5) : $"{Percent(metrics.Top5)} of {metrics.Classes} classes"),
            ("cross entropy", Units.Number(Math.Round(metrics.Loss, 4))),
            ("macro F1", Percent(metrics.MacroF1)),
            ("expected calibration error", Percent(metrics.Calibration.ExpectedError)),
            ("OPs per image", Text($"{evaluated.Cost.Total.Ops / 1e6:0.00} M")),
            ("memory of the weights", Text($"{evaluated.Cost.Total.Mbit:0.000} Mbit")),
        ]);
        page.Section("Confusion matrix", block => AddConfusion(block, metrics, evaluated.ClassNames));
        page.Section("Classes", block => block.Table(
            ["class", "images#", "predicted#", "right#", "precision#", "recall#", "F1#"],
            metrics.PerClass.Select(one => (string[])
                [evaluated.ClassNames[one.Label], $"{one.Count}", $"{one.Predicted}", $"{one.Right}", Percent(one.Precision), Percent(one.Recall), Percent(one.F1)])));
        page.Section("Calibration", block => AddCalibration(block, metrics.Calibration));
        page.Section("Cost", block => block.Table([.. evaluated.Cost.Summary().Columns.Select((column, i) => i == 0 ? column : $"{column}#")], evaluated.Cost.Summary().Rows)
            .Table([.. evaluated.Cost.ByGroup().Columns.Select((column, i) => i == 0 ? column : $"{column}#")], evaluated.Cost.ByGroup().Rows)
            .Note($"Scheme {CostNames.Of(evaluated.Cost.Geometry.Scheme)}. OPs = FLOPs + BOPs/64; memory = 1 bit per binary weight, 32 per real parameter.{(evaluated.Cost.Geometry.RealWeights ? " This is step 1: real weights. Step 2 makes them 1-bit." : "")}"));
        page.Section("Sample predictions", block => AddSamples(block, evaluated));
        return page.Render();
    }

    private static void AddConfusion(HtmlBlock block, ClassificationMetrics metrics, IReadOnlyList<string> names)
    {
        block.WideChart(new MatrixChart { Title = "Confusion matrix", Names = names, Count = metrics.Confusion }.Render());
        var pairs = metrics.PerClass.SelectMany(row => metrics.PerClass.Where(column => column != row).Select(column => (Label: row.Label, Predicted: column.Label, Count: metrics.Confusion(row.Label, column.Label))))
            .Where(pair => pair.Count > 0).OrderByDescending(pair => pair.Count).Take(ConfusedPairs).ToList();
        if (pairs.Count > 0)
        {
            block.Heading("Most frequent confusions").Table(
                ["class", "taken for", "images#", "of the class#"],
                pairs.Select(pair => (string[])[names[pair.Label], names[pair.Predicted], $"{pair.Count}", Percent((double)pair.Count / metrics.PerClass[pair.Label].Count)]));
        }
    }

    private static void AddCalibration(HtmlBlock block, CalibrationMetrics calibration)
    {
        block.Charts(
            new ReliabilityChart { Title = "Reliability", Bins = [.. calibration.Bins.Select(bin => (bin.From, bin.To, bin.Count, bin.Accuracy, bin.Confidence))] }.Render(),
            new BarChart { Title = "Images by confidence", Bars = [.. calibration.Bins.Select(bin => (Text($"{bin.From:0.00} to {bin.To:0.00}"), (double)bin.Count))] }.Render());
        block.KeyValues(
        [
            ("expected calibration error", Percent(calibration.ExpectedError)),
            ("largest gap of a bin", Percent(calibration.MaximumError)),
            ("negative log likelihood", Units.Number(Math.Round(calibration.NegativeLogLikelihood, 5))),
            ("Brier score (0 to 2)", Units.Number(Math.Round(calibration.Brier, 5))),
        ]);
        block.Details("Bins", inner => inner.Table(
            ["confidence above#", "up to#", "images#", "accuracy#", "mean confidence#"],
            calibration.Bins.Select(bin => (string[])
                [Text($"{bin.From:0.000}"), Text($"{bin.To:0.000}"), $"{bin.Count}", Percent(bin.Accuracy), Percent(bin.Confidence)])));
    }

    private static void AddSamples(HtmlBlock block, ClassificationEvaluationOutcome evaluated)
    {
        var numbered = evaluated.Predictions.Select((prediction, place) => (Prediction: prediction, Place: place)).ToList();
        var step = Math.Max(1, numbered.Count / Samples);
        block.Heading("Evenly over the split").Gallery(numbered.Where((_, i) => i % step == 0).Take(Samples).Select(Show));
        var sure = numbered.Where(one => !one.Prediction.IsRight).OrderByDescending(one => one.Prediction.Confidence).Take(Samples).ToList();
        if (sure.Count > 0)
        {
            block.Heading("Surest mistakes").Gallery(sure.Select(Show));
        }

        (byte[], string, bool) Show((Prediction Prediction, int Place) one)
        {
            var (prediction, names) = (one.Prediction, evaluated.ClassNames);
            var said = $"{names[prediction.Predicted]} {Percent(prediction.Confidence)}";
            return (ImageEncoder.Png(evaluated.Images, evaluated.Indices[one.Place]), prediction.IsRight ? said : $"{said}, is {names[prediction.Label]}", prediction.IsRight);
        }
    }

    private static string Percent(double? share) => share is { } value ? Text($"{value * 100:0.00} %") : "-";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
