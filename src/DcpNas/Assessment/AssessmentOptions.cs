namespace DcpNas.Assessment;

/// <summary>Which trained network is to be run over which images, whatever its task. Immutable.</summary>
public abstract record AssessmentOptions
{
    /// <summary>The name of the split that judges: test images; of an image folder, those of <c>val</c>.</summary>
    public const string Test = "test";

    /// <summary>The name of the split that was held out of the training images to select the network.</summary>
    public const string Valid = "valid";

    /// <summary>The folder of a training run, or a checkpoint.</summary>
    public required string Model { get; init; }

    /// <summary>A name of a data set of the task; null: that of the run that the checkpoint lies in.</summary>
    public string? Dataset { get; init; }

    /// <summary>Folder of the data set; null: that of the run, then environment variable DCPNAS_DATA, then .data.</summary>
    public string? Data { get; init; }

    /// <summary>Images per batch, at least 1; changes no result but by rounding. Default 128, of detectors 16.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>cpu, cuda, cuda:N or auto. Default cpu.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of libtorch and of evaluators; 0 = all cores. Default 0.</summary>
    public int Threads { get; init; }

    /// <summary>The data sets of the task.</summary>
    protected abstract IReadOnlyList<string> Datasets { get; }

    /// <summary>Everything wrong with these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems() =>
    [
        .. Problem(Dataset is null || Datasets.Contains(Dataset), $"dataset must be one of {string.Join(", ", Datasets)}, got '{Dataset}'."),
        .. TaskProblems(),
        .. Problem(BatchSize >= 1, $"batch_size must be at least 1, got {BatchSize}."),
        .. Problem(Threads >= 0, $"threads must be at least 0, got {Threads}."),
    ];

    /// <summary>What is wrong with the options of the task.</summary>
    protected abstract IEnumerable<string> TaskProblems();

    /// <summary>A sentence unless something holds.</summary>
    private protected static IEnumerable<string> Problem(bool holds, string problem) => holds ? [] : [problem];

    /// <summary>What is wrong with a number of threads that prepare batches.</summary>
    private protected static IEnumerable<string> WorkerProblem(int workers) => Problem(workers is >= 0 and <= 64, $"workers must be from 0 to 64, got {workers}.");

    /// <summary>What is wrong with the name of a split.</summary>
    private protected static IEnumerable<string> SplitProblem(string split) => Problem(split is Test or Valid, $"split must be {Test} or {Valid}, got '{split}'.");

    /// <summary>What is wrong with a number of images.</summary>
    private protected static IEnumerable<string> ImageProblem(int? images) => Problem(images is null or >= 1, $"images must be at least 1, got {images}.");
}
