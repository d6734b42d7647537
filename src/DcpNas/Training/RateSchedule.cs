namespace DcpNas.Training;

/// <summary>Values that change over the steps of a stage.</summary>
public static class RateSchedule
{
    /// <summary>The learning rate of a step of the optimiser.</summary>
    /// <remarks>
    /// Warm-up: <c>rate (step + 1) / warm</c>. Then, with x from 0 at the first step after it to 1 at the last one,
    /// <c>end + (rate - end) (1 + cos(pi x)) / 2</c> or <c>end + (rate - end) (1 - x)</c>.
    /// </remarks>
    /// <param name="options">Settings.</param>
    /// <param name="step">From 0, in the stage.</param>
    /// <param name="steps">Steps of the stage.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public static double Rate(TrainingOptions options, long step, long steps, long stepsPerEpoch)
    {
        ArgumentNullException.ThrowIfNull(options);
        var warm = options.WarmupEpochs * stepsPerEpoch;
        if (step < warm)
        {
            return options.Rate * (step + 1) / warm;
        }

        var x = Progress(step - warm, steps - warm);
        return options.RateEnd + ((options.Rate - options.RateEnd) * (options.Schedule == ScheduleKind.Cosine ? 0.5 * (1 + Math.Cos(Math.PI * x)) : 1 - x));
    }

    /// <summary>The drop-path probability of a step: in a line from 0 to that of the options.</summary>
    /// <inheritdoc cref="Rate"/>
    public static double DropPath(TrainingOptions options, long step, long steps)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.DropPath * Progress(step, steps);
    }

    private static double Progress(long step, long steps) => steps <= 1 ? 0 : Math.Min(1, (double)step / (steps - 1));
}
