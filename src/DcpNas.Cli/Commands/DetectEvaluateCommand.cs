using System.CommandLine;
using DcpNas.Assessment;
using DcpNas.Cli.Display;
using DcpNas.Data.Detection;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas detect evaluate</c>: judges a trained detector on a split.</summary>
internal static class DetectEvaluateCommand
{
    private const int ShownClasses = 100;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "Folder of a training run (its best model), or a checkpoint", HelpName = "CHECKPOINT|RUN" };
        var dataset = new Option<string?>("--dataset") { Description = $"Data set: {string.Join(", ", DetectionDatasetNames.All)} (default: that of the run)", HelpName = "NAME" };
        var data = new Option<string?>("--data") { Description = "Folder of the data set (default: that of the run, then DCPNAS_DATA, then .data)", HelpName = "DIR" };
        var split = new Option<string>("--split") { Description = "test, or valid: what the training held out to select its network (default test)", HelpName = "test|valid", DefaultValueFactory = _ => EvaluationOptions.Test };
        var images = new Option<int?>("--images") { Description = "Images to use, the first ones (default: as the run, which is all)", HelpName = "N" };
        var batch = new Option<int>("--batch-size") { Description = "Images per batch (default 16)", HelpName = "N", DefaultValueFactory = _ => 16 };
        var device = new Option<string>("--device") { Description = "cpu, cuda, cuda:N or auto (default cpu)", HelpName = "TEXT", DefaultValueFactory = _ => "cpu" };
        var threads = new Option<int>("--threads") { Description = "Threads of libtorch; 0 = all cores (default 0)", HelpName = "N", DefaultValueFactory = _ => 0 };
        var folder = new Option<string?>("--out") { Description = "Folder for detection.json and detections-coco.json (default: that of the checkpoint)", HelpName = "DIR" };
        var json = JsonOutput.Option();
        var command = new Command("evaluate", "Judge a trained detector: PASCAL VOC mAP, the 12 numbers of COCO; writes its detections in COCO's format.")
        {
            model, dataset, data, split, images, batch, device, threads, folder, json,
        };
        command.SetAction(parsed =>
        {
            var options = new DetectionEvaluationOptions
            {
                Model = parsed.GetRequiredValue(model),
                Dataset = parsed.GetValue(dataset),
                Data = parsed.GetValue(data),
                Split = parsed.GetRequiredValue(split),
                Images = parsed.GetValue(images),
                BatchSize = parsed.GetValue(batch),
                Device = parsed.GetRequiredValue(device),
                Threads = parsed.GetValue(threads),
            };
            var outcome = EvaluationSession.Run("evaluate", (progress, cancel) =>
                DetectionEvaluationRun.Execute(options, parsed.GetValue(folder), progress, note => Console.Error.WriteLine($"note: {note}"), cancel));
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(outcome.ToJson());
            }
            else
            {
                Print(outcome);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(DetectionEvaluationOutcome outcome)
    {
        Terminal.Print($"{outcome.Model} on {outcome.Dataset}, {outcome.Split} split, {outcome.Images} images");
        Terminal.Print(Text($"VOC mAP      {Number(outcome.Area.MeanAveragePrecision)} by area, {Number(outcome.ElevenPoint.MeanAveragePrecision)} by 11 points (overlap 0.5)"));
        var coco = Terminal.NewTable("COCO", "value");
        foreach (var (name, value) in outcome.Coco.Values())
        {
            coco.AddPlainRow(name, Number(value));
        }

        Terminal.Results.Write(coco);
        var table = Terminal.NewTable("class", "objects", "detections", "AP50");
        foreach (var category in outcome.Area.Categories.Take(ShownClasses))
        {
            table.AddPlainRow(outcome.ClassNames[category.Category], $"{category.Objects}", $"{category.Detections}", category.AveragePrecision is { } precision ? Number(precision) : "-");
        }

        Terminal.Results.Write(table);
        GenotypeView.Print(outcome.Cost);
        Terminal.Print($"measures    {outcome.JsonPath}");
        Terminal.Print($"detections  {outcome.ResultsPath}");
    }

    private static string Number(double value) => value < 0 ? "-" : Text($"{value:0.0000}");
}
