using System.Text.Json.Nodes;
using DcpNas.Data;

namespace DcpNas.Tasks;

/// <summary>A task bound to its images: everything that a training asks of its subject. Owns the batches.</summary>
/// <remarks>A training reads its task, its data and its report from here alone; a new task implements this beside <see cref="ITask"/> and <see cref="ITaskData"/>.</remarks>
public interface IBoundTask : IDisposable
{
    /// <summary>The task.</summary>
    ITask Task { get; }

    /// <summary>Its batches.</summary>
    ITaskData Data { get; }

    /// <summary>The honest name of the data, for reports and checkpoints.</summary>
    string DatasetName { get; }

    /// <summary>What identifies the data of a run, so that it is not resumed on others: kind, number of images, size; classes in their order; a digest of the list of images.</summary>
    DataIdentity DataIdentity { get; }

    /// <summary>What a user should know of the data before the training begins, one sentence each: what differs from the official files.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>Size and normalisation of the images.</summary>
    Preprocessing Preprocessing { get; }

    /// <summary>How many images are for training, validation and test.</summary>
    TaskImageCounts Images { get; }

    /// <summary>Reads once, before the first step, the images that would otherwise be read after hours: the test images. Synthetic images and those in memory need no check.</summary>
    /// <param name="progress">Is told images done and images in all, by one thread at a time.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="InputException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    void CheckImages(Action<int, int> progress, CancellationToken cancel)
    {
    }

    /// <summary>What a network makes of some test images, as samples.json holds it for the report.</summary>
    /// <param name="network">Backbone and head; left in evaluation mode.</param>
    JsonObject Samples(TaskNetwork network);
}

/// <summary>How many images of a data set a training uses.</summary>
/// <param name="Training">Images to learn from.</param>
/// <param name="Validation">Images held out of the training set; they select.</param>
/// <param name="Test">Test images used.</param>
/// <param name="TestAvailable">Test images of the data set; a published number needs all of them.</param>
public sealed record TaskImageCounts(int Training, int Validation, int Test, int TestAvailable);
