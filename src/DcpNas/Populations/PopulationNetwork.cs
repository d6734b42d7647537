using DcpNas.SearchSpace;

namespace DcpNas.Populations;

/// <summary>One trained network of a population: a line of its table.</summary>
public sealed record PopulationNetwork
{
    /// <summary>The name of the training.</summary>
    public required string Name { get; init; }

    /// <summary>The cells in text form.</summary>
    public required string Genotype { get; init; }

    /// <summary>The seed that the genotype was drawn by.</summary>
    public required long GenotypeSeed { get; init; }

    /// <summary>The seed of the training.</summary>
    public required int TrainingSeed { get; init; }

    /// <summary>OPs per image: FLOPs + BOPs / 64.</summary>
    public required double Ops { get; init; }

    /// <summary>Memory of the weights in Mbit.</summary>
    public required double MemoryMbit { get; init; }

    /// <summary>Weights: 1-bit ones and real parameters.</summary>
    public required long Parameters { get; init; }

    /// <summary>Share of the validation images classified right, after each epoch of all stages.</summary>
    public required IReadOnlyList<double> ValidTop1 { get; init; }

    /// <summary>Cross entropy on the validation images after each epoch.</summary>
    public required IReadOnlyList<double> ValidLoss { get; init; }

    /// <summary>The epoch, from 0, whose network was tested: the best on validation images.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Share of the test images classified right, at the end.</summary>
    public required double TestTop1 { get; init; }

    /// <summary>Cross entropy on the test images.</summary>
    public required double TestLoss { get; init; }

    /// <summary>Wall-clock seconds of the epochs.</summary>
    public required double Seconds { get; init; }

    /// <summary>Processor seconds of the epochs over all threads; null where the log of the training does not tell them.</summary>
    public required double? CpuSeconds { get; init; }

    /// <summary>Threads of libtorch.</summary>
    public required int Threads { get; init; }

    /// <summary>The processor of the last session.</summary>
    public required string? CpuModel { get; init; }

    /// <summary>Everything wrong with the values, as one sentence; null when they can be used.</summary>
    internal string? Problem()
    {
        var shares = ValidTop1.Append(TestTop1);
        return !shares.All(share => share is >= 0 and <= 1) ? "accuracies from 0 to 1"
            : !ValidLoss.Append(TestLoss).All(double.IsFinite) ? "finite losses"
            : ValidTop1.Count != ValidLoss.Count ? "as many valid_top1 as valid_loss"
            : null;
    }

    /// <summary>The cells.</summary>
    /// <exception cref="InputException">The text is no genotype.</exception>
    public Genotype Cells() => SearchSpace.Genotype.Parse(Genotype);
}
