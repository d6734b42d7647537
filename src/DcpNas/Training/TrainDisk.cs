namespace DcpNas.Training;

/// <summary>The disk space of a training's run folder.</summary>
internal static class TrainDisk
{
    private const int CheckpointsAtOnce = 3; // the newest, the one before it, and one that is being written
    private const int ModelsAtOnce = 6; // best, the one before it, last, step1, teacher, and one that is being written
    private const int BytesPerStep = 400;
    private const int BytesPerEpoch = 10_000;
    private const int ReportBytes = 2_000_000;

    /// <summary>One checkpoint: the network, what the optimiser keeps of it, and its average.</summary>
    /// <param name="options">The training.</param>
    /// <param name="stateBytes">Parameters and statistics of the network.</param>
    public static long CheckpointBytes(TrainingOptions options, long stateBytes) =>
        (1 + (options.Optimizer == OptimizerKind.Adamw ? 2 : 1) + (options.EmaDecay > 0 ? 1 : 0)) * stateBytes;

    /// <summary>The most that the folder will hold.</summary>
    /// <param name="options">The training.</param>
    /// <param name="stateBytes">Parameters and statistics of the network.</param>
    /// <param name="steps">Steps of the optimiser in all epochs.</param>
    public static long Bytes(TrainingOptions options, long stateBytes, long steps)
    {
        var epochs = options.Epochs + (options.Step1Epochs ?? options.Epochs) + (options.TrainsTeacher ? options.TeacherEpochs ?? options.Epochs : 0);
        return (CheckpointsAtOnce * CheckpointBytes(options, stateBytes)) + (ModelsAtOnce * stateBytes) + (steps * BytesPerStep) + ((long)epochs * BytesPerEpoch) + ReportBytes;
    }
}
