using DcpNas.Data;
using DcpNas.Data.Detection;
using DcpNas.Native;
using DcpNas.Protocols.Detection;
using DcpNas.Runs;
using DcpNas.Tasks.Detection;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Assessment;

/// <summary>Judges a trained detector by the protocols of PASCAL VOC and COCO, and writes its detections in COCO's format.</summary>
public static class DetectionEvaluationRun
{
    private const string Remedy = "Use a checkpoint that dcpnas detect train wrote.";

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
        using var assessed = AssessedModel.Open(options, DetectionTask.TaskName, Remedy);
        var model = assessed.Trained;
        var (images, indices, files) = Open(model, options, warn);
        model.ThrowIfNotClasses(images.ClassNames, images.Name);
        var target = folder ?? Path.GetDirectoryName(Path.GetFullPath(model.Path))!;
        var (json, html, boxes) = (Path.Combine(target, files.Name("detection", ".json")), Path.Combine(target, files.Name("detection", ".html")), Path.Combine(target, files.Name("detections-coco", ".json")));
        var truth = images.IsCoco ? null : Path.Combine(target, files.Name("ground-truth-coco", ".json"));
        EvaluationFiles.Claim(model.Path, json, [html, boxes, .. truth is null ? (string[])[] : [truth]]);
        var evaluator = Run(model, images, indices, options, assessed.Device, progress, cancel);
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
        TrainedModel model, IDetectionDataset images, IReadOnlyList<int> indices, DetectionEvaluationOptions options, Device device, Action<int, int> progress, CancellationToken cancel)
    {
        var (task, size) = ((DetectionTask)model.Task, model.Info.Preprocessing);
        var evaluator = new DetectionEvaluator(task.ClassNames, task.Detector);
        var loader = new DetectionLoader(images, indices, new DetectionLoaderOptions { BatchSize = options.BatchSize, Height = size.Height, Width = size.Width, Statistics = size.Statistics });
        var done = 0;
        foreach (var batch in loader.Epoch(0))
        {
            cancel.ThrowIfCancellationRequested();
            using var tensors = DetectionTargets.ToTensors(batch, size.Height, size.Width, device);
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            evaluator.Add(model.Network.Run(tensors.Images).Main, tensors);
            done += batch.Indices.Count;
            progress(done, indices.Count);
            FinalizerGate.SafePoint();
        }

        return evaluator;
    }

    private static (IDetectionDataset Images, IReadOnlyList<int> Indices, EvaluationFiles Files) Open(TrainedModel model, DetectionEvaluationOptions options, Action<string> warn)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(model.Path))!, RunFiles.Options);
        var run = File.Exists(path) ? DetectOptions.FromJson(JsonFiles.ReadObject(path).ToJsonString(), path) : null;
        var dataset = options.Dataset ?? run?.Dataset
            ?? throw new InputException($"{model.Path}: lies in no training run, so its data are not known (it learned from {model.Info.Dataset}). Name them with --dataset.");
        var isThatOfRun = run is not null && run.Dataset == dataset && (options.Data is null || options.Data == run.Data);
        var pair = isThatOfRun
            ? (run! with { Data = options.Data ?? run.Data }).OpenImages()
            : DetectionDatasetCatalog.Open(dataset, options.Data, new DetectionDatasetOptions { SyntheticSide = model.Info.Preprocessing.Width });
        foreach (var note in pair.Notes)
        {
            warn(note);
        }

        if (options.Split == AssessmentOptions.Test)
        {
            int[] all = [.. Enumerable.Range(0, pair.Test.Count)];
            return Take(pair.Test, all, Math.Min(all.Length, (isThatOfRun ? run!.TestImages : null) ?? all.Length));
        }

        if (!isThatOfRun)
        {
            throw new InputException($"{model.Path}: which images were held out is known only to the run that trained it, on its own data. Name a run folder without other data, or use --split {AssessmentOptions.Test}.");
        }

        var (_, held) = DetectionSubset.Split(Math.Min(pair.Train.Count, run!.TrainImages ?? pair.Train.Count), run.Seed, run.ValidationShare);
        return Take(pair.Train, held, held.Count);

        (IDetectionDataset, IReadOnlyList<int>, EvaluationFiles) Take(IDetectionDataset images, IReadOnlyList<int> among, int usual)
        {
            var count = options.Images ?? usual;
            DataSplit.ThrowIfNotWithin(images.Name, count, among.Count);
            return (images, [.. among.Take(count)], new EvaluationFiles
            {
                Model = model.Path,
                Split = options.Split,
                OtherDataset = run is null || isThatOfRun ? null : dataset,
                OtherImages = options.Images == usual ? null : options.Images,
            });
        }
    }
}
