using System.CommandLine;
using DcpNas.Assessment;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas detect evaluate</c>: judges a trained detector on a split.</summary>
internal static class DetectEvaluateCommand
{
    private const int ShownClasses = 100;
    private static readonly DetectionEvaluationOptions Defaults = new() { Model = "" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var common = new AssessmentOptionSet(Defaults);
        var (split, images) = (AssessmentOptionSet.Split(Defaults), AssessmentOptionSet.Images(Defaults));
        var folder = new Option<string?>("--out") { Description = "Folder for detection.json, detection.html, detections-coco.json and, unless the data are COCO's, ground-truth-coco.json to score them with other tools; their names say what differs from the best model on all images (default: that of the checkpoint)", HelpName = "DIR" };
        var exact = new Option<bool>("--exact-recalls") { Description = OptionText.Of(Defaults, nameof(DetectionEvaluationOptions.ExactRecalls)), HelpName = "true|false" };
        var json = JsonOutput.Option();
        var command = new Command("evaluate", "Judge a trained detector: PASCAL VOC mAP, the 12 numbers of COCO; writes a page and its detections in COCO's format.") { folder, json };
        common.AddTo(command, split, images, exact);
        command.SetAction(parsed =>
        {
            var options = common.Read(parsed, new DetectionEvaluationOptions { Model = common.Model(parsed), Split = parsed.GetRequiredValue(split), Images = parsed.GetValue(images), ExactRecalls = parsed.GetValue(exact) });
            var outcome = EvaluationSession.Run("evaluate", (progress, cancel) =>
                DetectionEvaluationRun.Execute(options, parsed.GetValue(folder), progress, note => Console.Error.WriteLine($"note: {note}"), cancel));
            JsonOutput.Show(parsed.GetValue(json), () => outcome.ToJson(), () => Print(outcome));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(DetectionEvaluationOutcome outcome)
    {
        Terminal.Print($"{outcome.Model} on {outcome.Dataset}, {outcome.Split} split, {Count(outcome.Images, "image")}");
        Terminal.Print(Text($"VOC mAP      {Number(outcome.Area.MeanAveragePrecision)} by area, {Number(outcome.ElevenPoint.MeanAveragePrecision)} by 11 points (overlap 0.5{(outcome.IsExact ? "; recalls are exact tenths, NOT those of py-faster-rcnn and mmdetection" : "; recalls k * 0.1 in binary64, as in py-faster-rcnn and mmdetection")})"));
        var coco = Terminal.NewTable("COCO", "value");
        foreach (var (name, value) in outcome.Coco.Values())
        {
            coco.AddPlainRow(name, Number(value));
        }

        Terminal.Results.Write(coco);
        var table = Terminal.NewTable("class", "objects", "detections", "AP50");
        foreach (var category in outcome.Area.Categories.Take(ShownClasses))
        {
            table.AddPlainRow(outcome.ClassNames[(int)category.Category], $"{category.Objects}", $"{category.Detections}", category.AveragePrecision is { } precision ? Number(precision) : "-");
        }

        Terminal.Results.Write(table);
        GenotypeView.Print(outcome.Cost);
        Terminal.Print($"measures    {outcome.JsonPath}");
        Terminal.Print($"page        {outcome.PagePath}");
        Terminal.Print($"detections  {outcome.ResultsPath}");
        if (outcome.GroundTruthPath is { } truth)
        {
            Terminal.Print($"truth       {truth}");
        }
    }

    private static string Number(double value) => value < 0 ? "-" : Text($"{value:0.0000}");
}
