using DcpNas.Data.Detection;
using DcpNas.Evaluation;
using DcpNas.Native;
using DcpNas.Protocols.Detection;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection;

/// <summary>Evaluates a trained detector by the protocols of PASCAL VOC and COCO, and writes its detections in COCO's format.</summary>
public static class DetectionEvaluationRun
{
    /// <summary>Runs a detector over a split; writes <c>detection.json</c>, <c>detection.html</c>, <c>detections-coco.json</c> and, for data that are not COCO's, <c>ground-truth-coco.json</c>, or what <see cref="EvaluationFiles"/> calls them.</summary>
    /// <param name="options">Network and images.</param>
    /// <param name="folder">Where the files go, created if it is not there; null: the folder of the checkpoint.</param>
    /// <param name="progress">Is told images done and images in all.</param>
    /// <param name="warn">Is told what was left out of the annotations.</param>
    /// <param name="cancel">Stops after a batch or a measure; nothing is written then.</param>
    /// <exception cref="InputException">Options, network or images cannot be used, or the files cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DetectionEvaluationOutcome Execute(
        DetectionEvaluationOptions options, string? folder, Action<int, int> progress, Action<string> warn, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(warn);
        using var assessed = EvaluatedModel.Open(options, DetectionTask.TaskName, model => model);
        var model = assessed.Trained;
        var data = ModelData.Find<DetectOptions>(model, options.Dataset, options.Data, options.Split);
        var opened = data.Options.OpenSplits();
        foreach (var note in opened.Dataset.Notes)
        {
            warn(note);
        }

        var split = opened.Split(options.Split, options.Images);
        var (images, indices, _) = split;
        var files = new EvaluationFiles
        {
            Model = model.Path,
            Split = options.Split,
            OtherDataset = data.OtherDataset,
            OtherImages = options.Images == opened.Split(options.Split).Indices.Count ? null : options.Images,
        };
        model.ThrowIfNotClasses(images.ClassNames, images.Name);
        var target = folder ?? Path.GetDirectoryName(Path.GetFullPath(model.Path))!;
        var (json, html, boxes) = (Path.Combine(target, files.Name("detection", ".json")), Path.Combine(target, files.Name("detection", ".html")), Path.Combine(target, files.Name("detections-coco", ".json")));
        var truth = images.IsCoco ? null : Path.Combine(target, files.Name("ground-truth-coco", ".json"));
        EvaluationFiles.Claim(model.Path, json, [html, boxes, .. truth is null ? (string[])[] : [truth]]);
        var evaluator = Run(model, split, options, assessed.Device, progress, cancel);
        var outcome = new DetectionEvaluationOutcome
        {
            Model = model.Path,
            Dataset = images.Name,
            Split = options.Split,
            Images = indices.Count,
            ClassNames = images.ClassNames,
            Area = UnlessCancelled(() => evaluator.Voc(), cancel),
            ElevenPoint = UnlessCancelled(() => evaluator.Voc(options.ExactRecalls ? VocInterpolation.ElevenPointExact : VocInterpolation.ElevenPoint), cancel),
            IsExact = options.ExactRecalls,
            Coco = UnlessCancelled(() => evaluator.Coco(), cancel),
            Cost = model.Task.Cost(model.Info.Network),
            JsonPath = json,
            PagePath = html,
            ResultsPath = boxes,
            GroundTruthPath = truth,
        };
        var page = DetectionReport.Render(outcome, images, UnlessCancelled(() => evaluator.Mistakes(), cancel));
        cancel.ThrowIfCancellationRequested();
        WriteProbe.CreateFolder(target);
        AtomicFile.WriteText(json, JsonFiles.Format(outcome.ToJson())); // first: the others are known by it
        if (truth is not null)
        {
            GroundTruthFile.Of(images, indices).Write(truth);
        }

        CocoResults.Write(boxes, evaluator.Detections.Select(box => box with { Image = images.ImageId((int)box.Image), Category = images.CategoryIds[(int)box.Category] }));
        AtomicFile.WriteText(html, page);
        return outcome;
    }

    private static T UnlessCancelled<T>(Func<T> measure, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return measure();
    }

    private static DetectionEvaluator Run(
        TrainedModel model, ImageSplit<IDetectionDataset> split, DetectionEvaluationOptions options,
        Device device, Action<int, int> progress, CancellationToken cancel)
    {
        var task = (DetectionTask)model.Task;
        var evaluator = new DetectionEvaluator(task.ClassNames, task.Detector);
        var done = 0;
        foreach (var batch in DetectionImages.Batches(split, model.Info.Preprocessing, options.BatchSize, device))
        {
            using var taken = batch;
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            evaluator.Add(model.Network.Run(batch.Images).Main, batch);
            done += (int)batch.Count;
            progress(done, split.Indices.Count);
            FinalizerGate.SafePoint();
        }

        return evaluator;
    }
}
