using System.Text.Json.Nodes;
using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.Tasks;

namespace DcpNas.Training;

/// <summary>A trained network with everything that using it takes: what evaluation, export and further training load.</summary>
public sealed class TrainedModel : IDisposable
{
    /// <summary>The prefix of the network's tensors in a checkpoint.</summary>
    public const string Prefix = "network";

    private const int LongestShown = 60;

    private TrainedModel(string path, ModelInfo info, ITask task, TaskNetwork network, JsonObject training) =>
        (Path, Info, Task, Network, Training) = (path, info, task, network, training);

    /// <summary>The file it was loaded from.</summary>
    public string Path { get; }

    /// <summary>Description, class names, preprocessing, data set.</summary>
    public ModelInfo Info { get; }

    /// <summary>The task, with its default loss.</summary>
    public ITask Task { get; }

    /// <summary>Backbone and head with their weights, in evaluation mode, without an auxiliary head.</summary>
    public TaskNetwork Network { get; }

    /// <summary>How it came about: stage, epoch, validation metrics; empty for a checkpoint of a running training.</summary>
    public JsonObject Training { get; }

    /// <summary>Loads a model onto the default device.</summary>
    /// <param name="path">The folder of a run (its best model is taken), or a file: best, last, step1, teacher or checkpoint .safetensors.</param>
    /// <exception cref="InputException">There is no such file, it is damaged, no model of ours, or its tensors do not fit its description.</exception>
    public static TrainedModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = PathOf(path);
        using var checkpoint = Checkpoint.Load(file);
        if (checkpoint.State[ModelInfo.Key] is not JsonObject json)
        {
            throw InputException.InFile(file, $"metadata 'state', {ModelInfo.Key}", "a trained network", "none", "Use a checkpoint that dcpnas train wrote; those of a search hold no final network.");
        }

        var info = ModelInfo.FromJson(json, file);
        var task = TaskTable.OfCheckpoint(info.Task, file).Create(info.ClassNames, info.TaskDetail, file);
        var network = TaskNetwork.Create(info.Network, task);
        try
        {
            checkpoint.RestoreModule($"{Prefix}.backbone", network.Backbone);
            checkpoint.RestoreModule($"{Prefix}.head", network.Head);
        }
        catch
        {
            network.Dispose();
            throw;
        }

        network.eval();
        return new TrainedModel(file, info, task, network, checkpoint.State["training"]?.DeepClone() as JsonObject ?? []);
    }

    /// <summary>The task that a network has learned.</summary>
    /// <param name="path">The folder of a training run, or a checkpoint.</param>
    /// <exception cref="InputException">The model cannot be used.</exception>
    public static TaskRow TaskOf(string path)
    {
        LibTorch.Load();
        using var trained = Load(path);
        return TaskTable.OfCheckpoint(trained.Info.Task, trained.Path);
    }

    /// <summary>Writes a model that <see cref="Load"/> reads.</summary>
    /// <param name="path">The file; replaced in one step.</param>
    /// <param name="network">Backbone and head.</param>
    /// <param name="info">What they are.</param>
    /// <param name="training">How they came about.</param>
    /// <param name="auxiliary">Whether the auxiliary head is written too: for a network that is trained further.</param>
    public static void Save(string path, TaskNetwork network, ModelInfo info, JsonObject training, bool auxiliary = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(training);
        using var checkpoint = new Checkpoint(new JsonObject { [ModelInfo.Key] = info.ToJson(), ["training"] = training.DeepClone() });
        if (auxiliary)
        {
            checkpoint.AddModule(Prefix, network);
        }
        else
        {
            checkpoint.AddModule($"{Prefix}.backbone", network.Backbone);
            checkpoint.AddModule($"{Prefix}.head", network.Head);
        }

        checkpoint.Save(path);
    }

    /// <summary>Refuses the model where its outputs must stand for given classes.</summary>
    /// <param name="classNames">The classes, in order.</param>
    /// <param name="whose">What has these classes, for the message: the data set.</param>
    /// <exception cref="InputException">It has other classes.</exception>
    public void ThrowIfNotClasses(IReadOnlyList<string> classNames, string whose)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        if (classNames.Count != Info.ClassNames.Count)
        {
            throw InputException.InFile(Path, "class_names", $"the {classNames.Count} classes of {whose}", $"{Info.ClassNames.Count} of {Info.Dataset}",
                "Use a checkpoint that was trained on these classes.");
        }

        var other = Enumerable.Range(0, classNames.Count).FirstOrDefault(i => !CanonicalName.Comparer.Equals(classNames[i], Info.ClassNames[i]), -1);
        if (other >= 0)
        {
            throw InputException.InFile(Path, $"class_names[{other}]", $"'{classNames[other]}' of {whose}", $"'{Info.ClassNames[other]}' of {Info.Dataset}",
                "Use a checkpoint that was trained on these classes.");
        }
    }

    /// <summary>Refuses the model where it must be of a task.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="remedy">What to do, one imperative sentence.</param>
    /// <exception cref="InputException">It is of another task.</exception>
    public void ThrowIfNotOf(string task, string remedy)
    {
        if (Info.Task != task)
        {
            throw InputException.InFile(Path, "task", task, Info.Task, remedy);
        }
    }

    /// <summary>Refuses the model where its outputs must mean what those of a task mean: as a teacher, for example.</summary>
    /// <param name="task">The task.</param>
    /// <param name="whose">The data set of the task, for messages.</param>
    /// <exception cref="InputException">It is of another task, or has other classes or another head.</exception>
    public void ThrowIfNotTask(ITask task, string whose)
    {
        ArgumentNullException.ThrowIfNull(task);
        ThrowIfNotOf(task.Name, "Use a checkpoint of the same task.");
        ThrowIfNotClasses(task.ClassNames, whose);
        var (here, there) = (task.Describe(), Info.TaskDetail);
        var other = here.Select(pair => pair.Key).FirstOrDefault(key => !JsonNode.DeepEquals(Plain(here[key]), Plain(there[key])));
        if (other is not null)
        {
            var (expected, found) = (here[other]?.ToJsonString() ?? "none", there[other]?.ToJsonString() ?? "none");
            var isShort = Math.Max(expected.Length, found.Length) <= LongestShown;
            throw InputException.InFile(Path, $"task_detail.{other}", isShort ? $"{expected} of {whose}" : $"the {other} of {whose}", isShort ? $"{found} of {Info.Dataset}" : $"others of {Info.Dataset}",
                "Use a checkpoint that was trained on these data.");
        }

        // Numbers of files and of code compare as text alone.
        static JsonNode? Plain(JsonNode? node) => node is null ? null : JsonNode.Parse(node.ToJsonString());
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    /// <summary>The file that <see cref="Load"/> reads.</summary>
    /// <exception cref="InputException">The folder holds no best model.</exception>
    internal static string PathOf(string path)
    {
        if (!Directory.Exists(path))
        {
            return path;
        }

        var best = System.IO.Path.Combine(path, RunFiles.BestModel);
        return File.Exists(best)
            ? best
            : throw InputException.InFile(path, RunFiles.BestModel, "the best model of a training", "no such file", "Name the folder of a training that has ended an epoch of its last step, or a checkpoint.");
    }
}
