namespace DcpNas.Tasks;

/// <summary>The batches of a task: training, validation and test. The caller disposes the batches.</summary>
/// <remarks>A batch depends on the data, the seed, the epoch and the step alone, so that a run can go on from any step. For one thread.</remarks>
public interface ITaskData : IDisposable
{
    /// <summary>Batches of a training epoch, at least 1.</summary>
    int StepsPerEpoch { get; }

    /// <summary>Time that the caller has waited for batches so far.</summary>
    TimeSpan Wait { get; }

    /// <summary>Shuffled, augmented batches of one size; where batches are cut into shards, the pieces of this process, batch by batch.</summary>
    /// <param name="epoch">From 0; another epoch has another order and other augmentation.</param>
    /// <param name="firstStep">Steps to leave out.</param>
    IEnumerable<TaskBatch> Training(int epoch, int firstStep = 0);

    /// <summary>The same images without augmentation, in a fixed order that mixes classes: for statistics of batch normalisation.</summary>
    /// <param name="images">At most so many.</param>
    IEnumerable<TaskBatch> Calibration(int images);

    /// <summary>Images held out of the training set, in their order, every one once: they select the best network.</summary>
    IEnumerable<TaskBatch> Validation();

    /// <summary>The test images, in their order, every one once. Nothing may be selected by them.</summary>
    IEnumerable<TaskBatch> Test();
}
