using System.Text.Json.Nodes;
using DcpNas.Cli.Models;
using DcpNas.Data.Detection;
using DcpNas.Inference;
using DcpNas.Tasks.Detection;

namespace EndToEnd;

/// <summary>Detectors by the built program: train, judge, export, find objects; good and bad input.</summary>
public sealed class DetectTests
{
    private static readonly string[] Tiny =
    [
        "--architecture", "birealnet18", "--channels", "4", "--stem", "image_net", "--image-size", "64", "--feature-levels", "2", "--neck-channels", "8", "--train-images", "30", "--test-images", "6",
        "--epochs", "1", "--batch-size", "8", "--two-step", "false", "--validation-share", "0.2", "--reestimate-images", "8", "--threads", "1", "--workers", "0", "--score-thresh", "0.02",
    ];

    [Fact]
    public void Detect_FromTrainingToBoxes_WritesEverything()
    {
        using var folder = new TemporaryFolder();
        var trained = JsonNode.Parse(Cli.Run(folder.Path, ["detect", "train", "--run", "run", .. Tiny, "--json"]).Ends(0).Output)!;
        Assert.Equal(("detection", "map50", 6), (trained["results"]!["task"]!.GetValue<string>(), trained["results"]!["primary_metric"]!.GetValue<string>(), trained["results"]!["images"]!["test"]!.GetValue<int>()));
        Assert.Contains("data:image/png;base64,", File.ReadAllText(Path.Combine(folder["run"], "report.html")), StringComparison.Ordinal);

        var judged = Cli.Run(folder.Path, ["detect", "evaluate", "run", "--threads", "1"]).Ends(0).Output;
        Assert.Contains("VOC mAP", judged, StringComparison.Ordinal);
        Assert.All((string[])["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"], name => Assert.Contains($" {name} ", judged, StringComparison.Ordinal));
        var results = JsonNode.Parse(File.ReadAllText(Path.Combine(folder["run"], "detections-coco.json")))!.AsArray();
        Assert.All(results.Take(5), result => Assert.Equal(4, result!["bbox"]!.AsArray().Count));
        var json = JsonNode.Parse(Cli.Run(folder.Path, ["detect", "evaluate", "run", "--split", "valid", "--threads", "1", "--json"]).Ends(0).Output)!;
        Assert.Equal((6, 12), (json["images"]!.GetValue<int>(), json["coco"]!.AsObject().Count));

        // One command for all tasks: it resumes what the alias began, and the file says whose options and measures are meant.
        Assert.Contains("this run was finished before", Cli.Run(folder.Path, ["train", "--task", "detection", "--run", "run", .. Tiny]).Ends(0).Error, StringComparison.Ordinal);
        Assert.Equal("detection", (string?)JsonNode.Parse(File.ReadAllText(folder["run/options.json"]))!["task"]);
        File.WriteAllText(folder["run/options.json"], File.ReadAllText(folder["run/options.json"]) // as earlier versions wrote it
            .Replace("\"task\": \"detection\",", "", StringComparison.Ordinal).Replace("feature_levels", "stages", StringComparison.Ordinal).Replace("score_thresh", "score_threshold", StringComparison.Ordinal));
        Assert.Contains("this run was finished before", Cli.Run(folder.Path, ["train", "--task", "detection", "--run", "run", .. Tiny]).Ends(0).Error, StringComparison.Ordinal);
        string[] former = [.. Tiny.Select(word => word == "--feature-levels" ? "--stages" : word == "--score-thresh" ? "--score-threshold" : word)];
        Assert.Contains("this run was finished before", Cli.Run(folder.Path, ["detect", "train", "--run", "run", .. former]).Ends(0).Error, StringComparison.Ordinal);
        Assert.Equal(json.ToJsonString(), JsonNode.Parse(Cli.Run(folder.Path, ["evaluate", "run", "--split", "valid", "--threads", "1", "--json"]).Ends(0).Output)!.ToJsonString());
        Assert.EndsWith("dcpnas: command line cannot be used:\n  - --rerank is no option of detection, but of reid.\n", Cli.Run(folder.Path, ["evaluate", "run", "--rerank"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("at task, expected classification but found detection. Use dcpnas evaluate,", Cli.Run(folder.Path, ["evaluate", "run", "--task", "classification"]).Ends(2).Error, StringComparison.Ordinal);

        Directory.CreateDirectory(folder["mine"]);
        File.WriteAllText(folder["mine/ground-truth-coco.json"], "{}");
        Assert.EndsWith("dcpnas: mine/ground-truth-coco.json: is there, and no detection.json of the same command beside it: it may be somebody else's. Name another folder.\n",
            Cli.Run(folder.Path, ["detect", "evaluate", "run", "--threads", "1", "--out", "mine"]).Ends(2).Error, StringComparison.Ordinal);

        Assert.Contains("no difference", Cli.Run(folder.Path, ["export", "run", "--out", "d.dcpnas", "--images", "4"]).Ends(0).Output, StringComparison.Ordinal);
        var inspected = Cli.Run(folder.Path, ["inspect", "d.dcpnas"]).Ends(0).Output;
        Assert.Matches(@"detector +[0-9]+ anchors on 2 levels, each with scores of 5 classes and the background\n", inspected);
        Assert.Matches(@"levels +4x4, [0-9]+ anchors: ([0-9.]+x[0-9.]+, )*[0-9.]+x[0-9.]+ of the image; outputs scores\.0, codes\.0\n", inspected);
        Assert.Contains("score above 0.02, the best 400 of a class", inspected, StringComparison.Ordinal);
        Assert.Contains("each side stretched to the input", inspected, StringComparison.Ordinal);
        var detector = JsonNode.Parse(Cli.Run(folder.Path, ["inspect", "d.dcpnas", "--json"]).Ends(0).Output)!["detector"]!;
        Assert.Equal((int)detector["anchors"]!, detector["levels"]!.AsArray().Sum(level => (int)level!["height"]! * (int)level["width"]! * level["anchors"]!.AsArray().Count));
        var layers = JsonNode.Parse(Cli.Run(folder.Path, ["bench", "d.dcpnas", "--seconds", "0.05", "--threads", "1", "--json"]).Ends(0).Output)!["layers"]!.AsArray();
        Assert.Equal(("boxes", "decoding and suppression"), ((string?)layers[^1]!["node"], (string?)layers[^1]!["type"]));
        Assert.True((double)layers[^1]!["microseconds"]! > 0);
        Assert.Contains("onnx", Cli.Run(folder.Path, ["export", "run", "--out", "d.onnx", "--format", "onnx"]).Ends(0).Output, StringComparison.Ordinal);
        var duel = JsonNode.Parse(Cli.Run(folder.Path, ["bench", "d.dcpnas", "--seconds", "0.05", "--threads", "1", "--against", "onnxruntime", "--json"]).Ends(0).Output)!["comparison"]!;
        Assert.True((double)duel["ratio"]!["median"]! > 0 && (double)duel["int8"]!["ratio"]!["median"]! > 0);

        Directory.CreateDirectory(folder["images"]);
        File.WriteAllBytes(Path.Combine(folder["images"], "a.png"), Convert.FromBase64String(Picture(folder["run"])));
        File.WriteAllText(Path.Combine(folder["images"], "broken.jpg"), "no image");
        var drawn = Cli.Run(folder.Path, ["detect", "predict", "d.dcpnas", "images", "--score", "0", "--out", "found", "--json"]).Ends(2);
        Assert.Contains("broken.jpg: at its start, expected a JPEG, PNG, WebP or BMP image", drawn.Error, StringComparison.Ordinal);
        var packed = JsonNode.Parse(drawn.Output)!["images"]![0]!;
        Assert.NotEmpty(packed["boxes"]!.AsArray());
        Assert.True(File.Exists(Path.Combine(folder["found"], "a.png")));
        Assert.True(File.Exists(Path.Combine(folder["found"], "detections.json")));
        File.Delete(Path.Combine(folder["images"], "broken.jpg"));
        var checkpoint = JsonNode.Parse(Cli.Run(folder.Path, ["detect", "predict", "run", "images", "--score", "0", "--json"]).Ends(0).Output)!["images"]![0]!;
        Assert.Equal(packed["boxes"]![0]!["score"]!.GetValue<double>(), checkpoint["boxes"]![0]!["score"]!.GetValue<double>(), 1e-3);
        Assert.Equal(checkpoint.ToJsonString(), JsonNode.Parse(Cli.Run(folder.Path, ["predict", "run", "images", "--score", "0", "--json"]).Ends(0).Output)!["images"]![0]!.ToJsonString());
        Assert.Contains("gives boxes of objects, not an embedding.", Cli.Run(folder.Path, ["reid", "predict", "run", "images"]).Ends(2).Error, StringComparison.Ordinal);
        var fast = JsonNode.Parse(Cli.Run(folder.Path, ["detect", "predict", "d.dcpnas", "images", "--score", "0", "--mode", "fast", "--threads", "2", "--json"]).Ends(0).Output)!;
        Assert.Equal((2, 0), ((int)fast["threads"]!, (int)fast["score"]!));
        Assert.Equal(packed["boxes"]![0]!["score"]!.GetValue<double>(), fast["images"]![0]!["boxes"]![0]!["score"]!.GetValue<double>(), 0.05);
        Assert.Equal(
            "dcpnas: run/best.safetensors: a checkpoint has the exact mode alone. Write a packed model first (dcpnas export run --out net.dcpnas), or leave out --mode.",
            Cli.Run(folder.Path, ["detect", "predict", "run", "images", "--mode", "fast"]).Ends(2).Error.Trim());
        Assert.Equal("dcpnas: --threads must be from 1 to 256, got 0.", Cli.Run(folder.Path, ["detect", "predict", "run", "images", "--threads", "0"]).Ends(2).Error.Trim());
        Cli.Run(folder.Path, ["predict", "d.dcpnas", "images", "--score", "0", "--out", "drawn"]).Ends(0);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder["found"], "a.png")), File.ReadAllBytes(Path.Combine(folder["drawn"], "a.png")));
        IsCancelled(folder, "run");
        var predicted = Cli.Run(folder.Path, ["predict", "d.dcpnas", "images", "--score", "0"]).Ends(0).Output;
        Assert.StartsWith("file", predicted, StringComparison.Ordinal);
        Assert.True(predicted.Split('\n').Length > 2);
    }

    [Fact]
    public void Detect_WithFasterRcnn_TrainsJudgesAndFindsButIsNotExported()
    {
        using var folder = new TemporaryFolder();
        var trained = JsonNode.Parse(Cli.Run(folder.Path,
            ["detect", "train", "--run", "run", .. Tiny, "--detector", "faster_rcnn", "--roi-output-size", "3", "--box-head-fc-features", "16", "--rpn-post-nms-top-n", "20", "--box-batch-size-per-image", "16", "--json"]).Ends(0).Output)!;
        Assert.Equal("map50", trained["results"]!["primary_metric"]!.GetValue<string>());
        Assert.Contains("\"detector\": \"faster_rcnn\"", File.ReadAllText(Path.Combine(folder["run"], "options.json")), StringComparison.Ordinal);
        Assert.Contains("data:image/png;base64,", File.ReadAllText(Path.Combine(folder["run"], "report.html")), StringComparison.Ordinal);
        var json = JsonNode.Parse(Cli.Run(folder.Path, ["detect", "evaluate", "run", "--threads", "1", "--json"]).Ends(0).Output)!;
        Assert.Equal((6, 12), (json["images"]!.GetValue<int>(), json["coco"]!.AsObject().Count));
        Directory.CreateDirectory(folder["images"]);
        File.WriteAllBytes(Path.Combine(folder["images"], "a.png"), Convert.FromBase64String(Picture(folder["run"])));
        var boxes = JsonNode.Parse(Cli.Run(folder.Path, ["detect", "predict", "run", "images", "--score", "0", "--out", "found", "--json"]).Ends(0).Output)!["images"]![0]!["boxes"]!.AsArray();
        Assert.NotEmpty(boxes);
        Assert.True(File.Exists(Path.Combine(folder["found"], "a.png")));
        Assert.Contains("a detector faster_rcnn cannot be exported", Cli.Run(folder.Path, ["export", "run", "--out", "d.dcpnas"]).Ends(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Detect_BadInput_EndsWithAReason()
    {
        using var folder = new TemporaryFolder();
        Fails("dataset must be one of synthetic, voc, coco, got 'pets'.", ["detect", "train", "--run", "run", .. Tiny, "--dataset", "pets"]);
        Fails("--detector must be one of one_stage, faster_rcnn, got 'yolo'", ["detect", "train", "--run", "run", .. Tiny, "--detector", "yolo"]);
        Fails("roi_output_size must be left at 7 for one_stage, which does not read it, got 3.", ["detect", "train", "--run", "run", .. Tiny, "--roi-output-size", "3"]);
        Fails("  - --feature-levels and its former name --stages are both given. Leave --stages out.", ["detect", "train", "--run", "run", .. Tiny, "--stages", "2"]);
        Fails("genotype must be given for the architecture cells", "detect", "train", "--run", "run");
        Fails("expected VOC2007/Annotations/*.xml", ["detect", "train", "--run", "run", .. Tiny, "--dataset", "voc", "--data", folder.Path]);
        Fails("Unknown option '--feature-level'", "detect", "train", "--run", "run", "--feature-level", "3");
        Fails("Name a command: train, evaluate, predict.", "detect");
        Fails("split must be test or valid, got 'all'.", "detect", "evaluate", "run", "--split", "all");
        Fails("cannot be opened", "detect", "predict", "nowhere.safetensors", folder.Path);

        void Fails(string reason, params string[] arguments) => Assert.Contains(reason, Cli.Run(folder.Path, arguments).Ends(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_OfDetectTrain_ListsEveryOption()
    {
        var help = Cli.Run("detect", "train", "--help").Ends(0).Output;
        Assert.All(DetectOptions.Keys, key => Assert.Contains($"--{key.Replace('_', '-')} ", help, StringComparison.Ordinal));
    }

    [Fact]
    public void Draw_OnAFullDisk_LeavesNoPicture()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["a.png.tmp"], "/dev/full");
        var pictures = new PictureFolder(folder.Path, ["somewhere/a.jpg"], "model.safetensors");
        var error = Assert.Throws<DcpNas.Foundation.InputException>(() => pictures.Draw(new ImageResult("somewhere/a.jpg") { Image = new PixelImage(300, 200, new byte[300 * 200 * 3]) }));
        Assert.StartsWith($"{folder["a.png"]}: cannot be written: No space left on device", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    /// <summary>Interrupts the search for objects in many images after the first picture.</summary>
    private static void IsCancelled(TemporaryFolder folder, string model)
    {
        Directory.CreateDirectory(folder["many"]);
        for (var i = 0; i < 600; i++)
        {
            File.Copy(Path.Combine(folder["images"], "a.png"), Path.Combine(folder["many"], $"{i:000}.png"));
        }

        using var process = Cli.Start(folder.Path, ["detect", "predict", model, "many", "--score", "1", "--out", "stopped"]);
        while (!File.Exists(Path.Combine(folder["stopped"], "000.png")) && !process.HasExited)
        {
            Thread.Sleep(5);
        }

        Cli.Interrupt(process);
        Cli.Wait(process).Ends(130);
        Assert.False(File.Exists(Path.Combine(folder["stopped"], "detections.json")));
        Assert.False(File.Exists(Path.Combine(folder["stopped"], "599.png")));
    }

    private static string Picture(string run) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(run, "samples.json")))!["groups"]![0]!["images"]![0]!["png"]!.GetValue<string>();
}
