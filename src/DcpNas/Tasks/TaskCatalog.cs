using System.Text.Json.Nodes;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.ReIdentification;

namespace DcpNas.Tasks;

/// <summary>The tasks by the names that checkpoints give them.</summary>
public static class TaskCatalog
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [ClassificationTask.TaskName, ReIdentificationTask.TaskName, DetectionTask.TaskName];

    /// <summary>Creates a task with its default loss.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="classNames">What its outputs stand for.</param>
    /// <param name="detail">What <see cref="ITask.Describe"/> said of it.</param>
    /// <param name="source">The checkpoint, for messages.</param>
    /// <exception cref="InputException">There is no such task.</exception>
    public static ITask Create(string name, IReadOnlyList<string> classNames, JsonObject detail, string source) => name switch
    {
        ClassificationTask.TaskName => new ClassificationTask(classNames),
        DetectionTask.TaskName => new DetectionTask(classNames, DetectorCatalog.FromJson(detail, source)),
        ReIdentificationTask.TaskName => ReIdentificationTask.FromDetail(detail, source),
        _ => throw InputException.InFile(source, "task", $"one of {string.Join(", ", Names)}", $"'{name}'", "Use a version of dcpnas that knows this task."),
    };
}
