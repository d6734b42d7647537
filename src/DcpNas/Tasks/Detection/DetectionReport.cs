using System.Globalization;
using DcpNas.Cost;
using DcpNas.Data.Detection;
using DcpNas.Protocols.Detection;
using DcpNas.Runs.Report;

namespace DcpNas.Tasks.Detection;

/// <summary>The page of an evaluation of a detector: headline, precision against recall per class, worst mistakes, numbers of COCO, cost.</summary>
internal static class DetectionReport
{
    private const int ShownCurves = 24;
    private const int ShownMistakes = 12;
    private const double Nearby = 0.1; // an overlap from which a wrong box is said to be misplaced

    /// <summary>The page as text.</summary>
    /// <param name="evaluated">What was measured.</param>
    /// <param name="images">The images, for pictures.</param>
    /// <param name="mistakes">What was wrong.</param>
    public static string Render(DetectionEvaluationOutcome evaluated, IDetectionDataset images, VocMistakes mistakes)
    {
        var classes = evaluated.Area.Categories;
        var points = evaluated.IsExact ? "11 exact points" : "11 points";
        var page = new HtmlPage($"Evaluation of a detector: {evaluated.Model}")
        {
            Subtitle = $"{evaluated.Dataset}, {evaluated.Split} split, {evaluated.Images} images, {evaluated.ClassNames.Count} classes; {evaluated.Cost.Describe()}.",
        };
        page.Lead.Tiles(
        [
            ("VOC mAP, area below the curve", Number(evaluated.Area.MeanAveragePrecision)),
            ($"VOC mAP, {points}", Number(evaluated.ElevenPoint.MeanAveragePrecision)),
            ("COCO AP, overlaps 0.50 to 0.95", Number(evaluated.Coco.AveragePrecision)),
            ("objects to be found", $"{classes.Sum(one => one.Objects)}"),
            ("detections", $"{classes.Sum(one => one.Detections)}"),
            ("OPs per image", Text($"{evaluated.Cost.Total.Ops / 1e6:0.00} M")),
            ("memory of the weights", Text($"{evaluated.Cost.Total.Mbit:0.000} Mbit")),
        ]);
        page.Section("Precision and recall", block => AddCurves(block, evaluated));
        page.Section("Worst mistakes", block => AddMistakes(block, evaluated.ClassNames, images, mistakes));
        page.Section("Classes", block => block.Table(
            ["class", "objects#", "detections#", "found#", "AP50, area#", $"AP50, {points}#", "AP of COCO#"],
            classes.Select(one => (string[])
            [
                evaluated.ClassNames[(int)one.Category], $"{one.Objects}", $"{one.Detections}", one.Recall.Count == 0 ? "0" : $"{Math.Round(one.Recall[^1] * one.Objects)}", Number(one.AveragePrecision),
                Number(evaluated.ElevenPoint.Categories.First(other => other.Category == one.Category).AveragePrecision),
                Number(evaluated.Coco.Categories.FirstOrDefault(other => other.Category == one.Category)?.AveragePrecision),
            ])));
        page.Section("COCO", block =>
        {
            block.Table(["measure", "value#"], evaluated.Coco.Values().Select(pair => (string[])[pair.Key, Number(pair.Value)]));
            if (evaluated.Coco.Values().Any(pair => pair.Value < 0))
            {
                block.Note("-: undefined, because no object of that size is there; -1 in the JSON file, as COCO's tools write it.");
            }
        });
        page.Section("Cost", block => block.Table([.. evaluated.Cost.Summary().Columns.Select((column, i) => i == 0 ? column : $"{column}#")], evaluated.Cost.Summary().Rows)
            .Note($"Scheme {CostNames.Of(evaluated.Cost.Geometry.Scheme)}. OPs = FLOPs + BOPs/64; memory = 1 bit per binary weight, 32 per real parameter."));
        page.Section("Files", block => block.KeyValues(
        [
            ("measures", evaluated.JsonPath), ("detections in COCO's format", evaluated.ResultsPath),
            .. evaluated.GroundTruthPath is { } truth ? [("what is there, in COCO's format", truth)] : (List<(string, string)>)[],
        ]));
        return page.Render();
    }

    private static void AddCurves(HtmlBlock block, DetectionEvaluationOutcome evaluated)
    {
        var curves = evaluated.Area.Categories.Where(one => one.AveragePrecision is not null).OrderBy(one => one.AveragePrecision).ToList();
        if (curves.Count == 0)
        {
            block.Note("No class has an object to be found.");
            return;
        }

        block.Note("Overlap 0.5, PASCAL VOC's protocol; the weakest class first. A curve that ends early stands for objects that are never found.");
        block.Charts(curves.Take(ShownCurves).Select(Curve));
        if (curves.Count > ShownCurves)
        {
            block.Details($"The other {curves.Count - ShownCurves} classes", inner => inner.Charts(curves.Skip(ShownCurves).Select(Curve)));
        }

        string Curve(VocCategory one) => new LineChart
        {
            Title = $"{evaluated.ClassNames[(int)one.Category]}: AP {Number(one.AveragePrecision)}, {one.Objects} {(one.Objects == 1 ? "object" : "objects")}",
            XLabel = "recall",
            XIsCount = false,
            XRange = (0, 1),
            YRange = (0, 1),
            Dots = false,
            Series = [new ChartSeries("precision", [.. one.Recall.Zip(one.Precision)])],
            Height = 240,
        }.Render();
    }

    private static void AddMistakes(HtmlBlock block, IReadOnlyList<string> names, IDetectionDataset images, VocMistakes mistakes)
    {
        block.Paragraph($"{Count(mistakes.False.Count, "false detection")}: {mistakes.False.Count(one => one.Verdict == VocVerdict.Repeated)} of an object that was found before, "
            + $"{mistakes.False.Count(one => one.Confused is not null)} on an object of another class, {mistakes.False.Count(IsMisplaced)} beside an object of their class (overlap below 0.5), "
            + $"{mistakes.False.Count(IsOnNothing)} on nothing. {Count(mistakes.Missed.Count, "object")} missed.");
        if (mistakes.False.Count > 0)
        {
            block.Heading("Surest false detections").Note("White: what is there. Coloured: the false detection.").Gallery(mistakes.False.Take(ShownMistakes).Select(one =>
            {
                var name = names[(int)one.Detection.Category];
                var box = one.Detection.Box;
                return (Picture(images, one.Detection.Image, new PictureBox(Text($"{name} {one.Detection.Score:0.00}"), (int)one.Detection.Category, box.X1, box.Y1, box.X2, box.Y2)),
                    Text($"{images.ImageName((int)one.Detection.Image)}: {name} {one.Detection.Score:0.00}, {Why(one)}"), false);
            }));
        }

        if (mistakes.Missed.Count > 0)
        {
            block.Heading("Largest missed objects").Note("Coloured: the missed object. White: the others.").Gallery(mistakes.Missed.Take(ShownMistakes).Select(one =>
                (Picture(images, one.Image, new PictureBox(names[(int)one.Category], (int)one.Category, one.Box.X1, one.Box.Y1, one.Box.X2, one.Box.Y2)),
                    $"{images.ImageName((int)one.Image)}: {names[(int)one.Category]} missed", false)));
        }

        string Why(FalseDetection one) => one.Verdict == VocVerdict.Repeated ? "found before"
            : one.Confused is { } other ? $"is {names[(int)other.Category]}"
            : IsMisplaced(one) ? Text($"overlap {one.Overlap:0.00}")
            : "nothing there";
    }

    private static bool IsMisplaced(FalseDetection one) => one is { Verdict: VocVerdict.Wrong, Confused: null, Overlap: >= Nearby };

    private static bool IsOnNothing(FalseDetection one) => one is { Verdict: VocVerdict.Wrong, Confused: null, Overlap: < Nearby };

    private static byte[] Picture(IDetectionDataset images, long image, PictureBox mark) => BoxPicture.Png(
        images.Read((int)image), [.. images.Boxes((int)image).Select(box => new PictureBox("", null, box.Left, box.Top, box.Right, box.Bottom)), mark],
        BoxPicture.SmallestSide, BoxPicture.LargestSide);

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";

    private static string Number(double? value) => value is >= 0 ? Text($"{value:0.0000}") : "-";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
