using DcpNas.Inference;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.ReIdentification;

namespace DcpNas.Tasks;

/// <summary>The tasks, a row each. Commands, checkpoints, help and messages read them here alone; docs/extending.md says how to add one.</summary>
public static class TaskTable
{
    /// <summary>The rows, in the order in which texts list them; the first is the task of options files that name none.</summary>
    public static IReadOnlyList<TaskRow> All { get; } =
    [
        new()
        {
            Name = ClassificationTask.TaskName,
            Title = "classes of images",
            Files = "evaluation.json and evaluation.html",
            Create = (classes, _, _) => new ClassificationTask(classes),
            Training = () => new TrainOptions(),
            Evaluation = () => new ClassificationEvaluationOptions(),
            Evaluate = (options, folder, progress, _, cancel) => ClassificationEvaluationRun.Execute((ClassificationEvaluationOptions)options, folder, progress, cancel),
            Features = ClassificationFeatures.Write,
            Read = ClassificationOutput.Read,
        },
        new()
        {
            Name = DetectionTask.TaskName,
            Group = "detect",
            Title = "objects in images: one-stage (SSD), or Faster R-CNN",
            Files = "detection.json, detection.html, detections-coco.json and, unless the data are COCO's, ground-truth-coco.json to score them with other tools",
            Create = (classes, detail, source) => new DetectionTask(classes, DetectorCatalog.FromJson(detail, source)),
            Training = () => new DetectOptions(),
            Evaluation = () => new DetectionEvaluationOptions(),
            Evaluate = (options, folder, progress, warn, cancel) => DetectionEvaluationRun.Execute((DetectionEvaluationOptions)options, folder, progress, warn, cancel),
            Output = PredictionKind.Boxes,
            Read = DetectionOutput.Read,
        },
        new()
        {
            Name = ReIdentificationTask.OptionName,
            CheckpointName = ReIdentificationTask.TaskName,
            Group = "reid",
            Title = "person re-identification: identity embeddings",
            Files = "reid-evaluation.json and reid-evaluation.html",
            Create = (_, detail, source) => ReIdentificationTask.FromDetail(detail, source),
            Training = () => new ReIdentificationTrainOptions(),
            Evaluation = () => new PersonEvaluationOptions(),
            Evaluate = (options, folder, progress, warn, cancel) => PersonEvaluationRun.Execute((PersonEvaluationOptions)options, folder, progress, warn, cancel),
            Features = PersonFeatures.Write,
            Output = PredictionKind.Embedding,
            Read = EmbeddingHead.Read,
        },
    ];

    /// <summary>The task that a checkpoint or packed model names.</summary>
    /// <param name="checkpointName">One of <see cref="TaskRow.CheckpointName"/>.</param>
    /// <param name="source">The file, for messages.</param>
    /// <exception cref="InputException">There is no such task.</exception>
    public static TaskRow OfCheckpoint(string checkpointName, string source) =>
        All.FirstOrDefault(row => row.CheckpointName == checkpointName)
        ?? throw InputException.InFile(source, "task", $"one of {string.Join(", ", All.Select(row => row.CheckpointName))}", $"'{checkpointName}'", "Use a version of dcpnas that knows this task.");
}

/// <summary>The names by which <c>--task</c> and options files call tasks.</summary>
public static class TaskNames
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [.. TaskTable.All.Select(row => row.Name)];

    /// <summary>The task of options files that name none.</summary>
    public static string Default => All[0];
}
