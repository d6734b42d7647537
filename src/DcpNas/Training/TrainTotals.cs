namespace DcpNas.Training;

/// <summary>Sums over the steps of one epoch.</summary>
public sealed class TrainTotals
{
    /// <summary>Steps of the optimiser.</summary>
    public int Steps { get; set; }

    /// <summary>Images seen by them.</summary>
    public long Images { get; set; }

    /// <summary>Sum of the losses of the steps.</summary>
    public double Loss { get; set; }

    /// <summary>Sum of the primary metric over the images, in training mode.</summary>
    public double Score { get; set; }

    /// <summary>Sum of the norms of the gradients before clipping.</summary>
    public double GradientNorm { get; set; }

    /// <summary>Seconds that the steps took.</summary>
    public double Seconds { get; set; }

    /// <summary>Seconds that the steps waited for their batches.</summary>
    public double WaitSeconds { get; set; }

    /// <summary>Processor seconds since the epoch began, over all threads of the process, validation included.</summary>
    public double CpuSeconds { get; set; }

    /// <summary>Adds one step.</summary>
    public void Add(TrainStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Steps++;
        Images += step.Images;
        Loss += step.Loss;
        Score += step.Score;
        GradientNorm += step.GradientNorm;
        Seconds += step.Seconds;
        WaitSeconds += step.WaitSeconds;
    }
}
