namespace DcpNas.Runtime;

/// <summary>How a runner works.</summary>
public sealed record PackedRunnerOptions
{
    /// <summary>Threads that share the images of a batch or the rows of an image, 1 to 256, the caller's included. Results do not depend on it. Default 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether <see cref="PackedRunner.ReadValue"/> can read every value of the last image: for tests and comparisons, as it takes much memory. Default false.</summary>
    public bool KeepValues { get; init; }

    /// <summary>The most bytes that the values of one image may take. A file of a few bytes can describe huge images; this bounds what it costs. Default 1 GiB.</summary>
    public long MaxImageBytes { get; init; } = 1L << 30;

    /// <summary>The vector instructions to use, or null for the best of this processor (<see cref="InstructionSets.Choose"/>). Results do not depend on it.</summary>
    public InstructionSet? InstructionSet { get; init; }

    /// <summary>Whether <see cref="PackedRunner.LayerTimes"/> are taken, at two readings of a clock per layer and image. Default false.</summary>
    public bool MeasureLayers { get; init; }

    /// <summary>What is computed with between the 1-bit parts. <see cref="NumericMode.Fast"/> needs a model file with <see cref="ModelInfo.FixedPoint"/> and goes not together with <see cref="KeepValues"/>; <see cref="NumericMode.Integer"/> needs one with <see cref="ModelInfo.Integers"/>. Default Exact.</summary>
    public NumericMode Mode { get; init; } = NumericMode.Exact;

    internal void Check()
    {
        if (Mode == NumericMode.Fast && KeepValues)
        {
            throw new ArgumentException($"{nameof(KeepValues)} must be false in the fast mode, got true: its values are not those of the graph.");
        }

        if (!Enum.IsDefined(Mode))
        {
            throw new ArgumentOutOfRangeException(nameof(Mode), Mode, "Unknown mode.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Threads, 256);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxImageBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxImageBytes, 2_000_000_000);
    }
}
