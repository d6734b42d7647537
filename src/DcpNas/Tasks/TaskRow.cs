using System.Text.Json.Nodes;
using DcpNas.Evaluation;
using DcpNas.Inference;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Tasks;

/// <summary>A task as <see cref="TaskTable"/> lists it: what training, evaluation and prediction need to know of it.</summary>
public sealed record TaskRow
{
    private string? _checkpointName;

    /// <summary>What <c>--task</c> and options files call it.</summary>
    public required string Name { get; init; }

    /// <summary>What checkpoints and packed models call it (<see cref="ITask.Name"/>); the same, unless it is set.</summary>
    public string CheckpointName
    {
        get => _checkpointName ?? Name;
        init => _checkpointName = value;
    }

    /// <summary>The command group whose <c>train</c>, <c>evaluate</c> and <c>predict</c> are aliases of those of this task; null for none.</summary>
    public string? Group { get; init; }

    /// <summary>What is learned, for help texts.</summary>
    public required string Title { get; init; }

    /// <summary>The files that an evaluation writes, for help texts.</summary>
    public required string Files { get; init; }

    /// <summary>Creates the task of a checkpoint, with its default loss: from the names of its classes, what <see cref="ITask.Describe"/> said of it, and the name of the file for messages.</summary>
    public required Func<IReadOnlyList<string>, JsonObject, string, ITask> Create { get; init; }

    /// <summary>The options of a training, with their defaults.</summary>
    public required Func<TrainingOptions> Training { get; init; }

    /// <summary>The options of an evaluation, with their defaults.</summary>
    public required Func<EvaluationOptions> Evaluation { get; init; }

    /// <summary>Evaluates a trained network.</summary>
    public required EvaluateNetwork Evaluate { get; init; }

    /// <summary>Writes the features of images; null where networks of the task have none of whole images.</summary>
    public WriteFeatures? Features { get; init; }

    /// <summary>What a network says of an image.</summary>
    public PredictionKind Output { get; init; }

    /// <summary>Reads the outputs of a network for one image.</summary>
    public required ReadOutputs Read { get; init; }
}

/// <summary>Evaluates a trained network and writes measures and a page.</summary>
/// <param name="options">Of the type of <see cref="TaskRow.Evaluation"/>.</param>
/// <param name="folder">Where the files go, created if it is not there; null: the folder of the checkpoint.</param>
/// <param name="progress">Is told images done and images in all.</param>
/// <param name="warn">Is told what a reader should know of the data.</param>
/// <param name="cancel">Stops after a batch; nothing is written then.</param>
/// <exception cref="InputException">Options, network or images cannot be used, or the files cannot be written.</exception>
/// <exception cref="OperationCanceledException">Cancelled.</exception>
public delegate IEvaluationOutcome EvaluateNetwork(EvaluationOptions options, string? folder, Action<int, int> progress, Action<string> warn, CancellationToken cancel);

/// <summary>Writes the features of images as a safetensors file.</summary>
/// <param name="options">Network and images.</param>
/// <param name="path">The file.</param>
/// <param name="progress">Is told images done and images in all.</param>
/// <param name="cancel">Stops after a batch; no file is left then.</param>
/// <returns>N and F.</returns>
/// <exception cref="InputException">Options, network or images cannot be used, or the file cannot be written.</exception>
/// <exception cref="OperationCanceledException">Cancelled.</exception>
public delegate (int Images, int Features) WriteFeatures(FeatureOptions options, string path, Action<int, int> progress, CancellationToken cancel);

/// <summary>Reads the outputs of a network for one image.</summary>
/// <param name="task">The task.</param>
/// <param name="outputs">The main outputs of the head in evaluation mode, for a batch of one image.</param>
/// <param name="image">The image; its pixels where <see cref="TaskRow.Output"/> is <see cref="PredictionKind.Boxes"/>.</param>
/// <param name="options">How the network is asked.</param>
/// <returns>The image with what the network says of it.</returns>
public delegate ImageResult ReadOutputs(ITask task, IReadOnlyList<Tensor> outputs, ImageResult image, PredictorOptions options);
