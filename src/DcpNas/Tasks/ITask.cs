using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.Networks;
using static TorchSharp.torch;

namespace DcpNas.Tasks;

/// <summary>What a network is trained for: the heads on its backbone, the loss, and how it is evaluated. Immutable.</summary>
/// <remarks>
/// A task knows nothing of optimisers, schedules and run folders; training knows nothing of labels and boxes. A new task implements this interface
/// in a folder of its own, and <see cref="ITaskData"/> and <see cref="IBoundTask"/> beside it.
/// </remarks>
public interface ITask
{
    /// <summary>The name that is written to checkpoints: <c>classification</c>.</summary>
    string Name { get; }

    /// <summary>The metric of the evaluator that selects the best network; more is better, from 0 to 1.</summary>
    string PrimaryMetric { get; }

    /// <summary>What the outputs stand for, in their order: names of classes, empty where the head has none.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>Builds the head with fresh weights from the global generator of torch.</summary>
    /// <param name="backbone">What it stands on.</param>
    TaskHead CreateHead(Backbone backbone);

    /// <summary>Builds the head that reads the auxiliary map in training; null where the task or the backbone has none.</summary>
    /// <param name="backbone">What it stands on.</param>
    /// <exception cref="InputException">The auxiliary map is too small for it.</exception>
    AuxiliaryHead? CreateAuxiliaryHead(Backbone backbone);

    /// <summary>The loss of a batch, a scalar with its graph; a mean over the batch, so that equal batches can be accumulated.</summary>
    /// <param name="output">What the network made of the images.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="teacher">The main outputs of the teacher for the same images, constants; null without a teacher.</param>
    Tensor Loss(TaskOutput output, TaskBatch batch, IReadOnlyList<Tensor>? teacher);

    /// <summary>The primary metric of a training batch summed over its images, for curves: for classification, images that are right.</summary>
    /// <param name="output">What the network made of the images.</param>
    /// <param name="batch">The batch.</param>
    double TrainingScore(TaskOutput output, TaskBatch batch);

    /// <summary>Starts an evaluation.</summary>
    ITaskEvaluator CreateEvaluator();

    /// <summary>What identifies the task in a checkpoint besides <see cref="Name"/> and <see cref="ClassNames"/>, so that its head can be rebuilt; empty where nothing does.</summary>
    JsonObject Describe() => [];

    /// <summary>What a network of the task costs per image at inference; where the task does not say otherwise, with a linear layer for its classes.</summary>
    /// <param name="network">The backbone.</param>
    CostReport Cost(NetworkDescription network) => NetworkCatalog.Cost(network, Math.Max(1, ClassNames.Count));
}

/// <summary>What a network made of a batch. The tensors belong to the dispose scope of the caller.</summary>
/// <param name="Main">The outputs of the head.</param>
/// <param name="Auxiliary">The output of the auxiliary head; null in evaluation mode and without one.</param>
public sealed record TaskOutput(IReadOnlyList<Tensor> Main, Tensor? Auxiliary);
