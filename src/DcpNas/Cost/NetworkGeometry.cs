namespace DcpNas.Cost;

/// <summary>The size of a network apart from its genotype: what turns two cells into a stack. Geometry of DARTS, arXiv:1806.09055.</summary>
/// <remarks>
/// Reduction cells stand at floor(L / 3) and floor(2 L / 3); each doubles the channels and halves the resolution. The auxiliary head is
/// not counted: it does not exist at inference.
/// </remarks>
public sealed record NetworkGeometry
{
    /// <summary>C: channels of a node in the first cell, before any reduction. At least 1, even with the ImageNet stem. Default 108.</summary>
    public int Channels { get; init; } = 108;

    /// <summary>L: cells, at least 1. Default 10.</summary>
    public int Cells { get; init; } = 10;

    /// <summary>Rows of an image, in pixels, at least 1. Default 224.</summary>
    public int InputHeight { get; init; } = 224;

    /// <summary>Columns of an image, in pixels, at least 1. Default 224.</summary>
    public int InputWidth { get; init; } = 224;

    /// <summary>Channels of an image, at least 1. Default 3.</summary>
    public int InputChannels { get; init; } = 3;

    /// <summary>Outputs of the classifier, at least 1. Default 1000.</summary>
    public int Classes { get; init; } = 1000;

    /// <summary>What stands before the first cell. Default ImageNet.</summary>
    public StemKind Stem { get; init; } = StemKind.ImageNet;

    /// <summary>Channels of the stem (CIFAR, half) as a multiple of <see cref="Channels"/>, at least 1. Default 3, as in DARTS.</summary>
    public int StemMultiplier { get; init; } = 3;

    /// <summary>What is 1-bit inside the cells. Default Paper.</summary>
    public CountingScheme Scheme { get; init; } = CountingScheme.Paper;

    /// <summary>
    /// Whether the network is that of step 1 of a training: activations are as the scheme says, but every weight is a real parameter of 32 bits, without scale beta.
    /// A product of a sign and a real weight is no bit operation, so all MACs count as FLOPs. Default false.
    /// </summary>
    public bool RealWeights { get; init; }

    /// <summary>Whether weights inside the cells are 1-bit.</summary>
    public bool BinaryWeights => Scheme != CountingScheme.None && !RealWeights;

    /// <summary>The image.</summary>
    public FeatureMap Image => new(InputChannels, InputHeight, InputWidth);

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        Within(Channels, 4096, "channels");
        Within(Cells, 1000, "cells");
        Within(InputHeight, 8192, "input height");
        Within(InputWidth, 8192, "input width");
        Within(InputChannels, 4096, "input channels");
        Within(Classes, 1_000_000, "classes");
        Within(StemMultiplier, 64, "stem multiplier");
        if (Stem == StemKind.ImageNet && Channels % 2 != 0)
        {
            problems.Add($"channels must be even with the imagenet stem, got {Channels}.");
        }

        return problems;

        // The upper bounds keep every count inside 64 bits and every table in memory.
        void Within(int value, int most, string name)
        {
            if (value < 1 || value > most)
            {
                problems.Add($"{name} must be from 1 to {most}, got {value}.");
            }
        }
    }

    /// <summary>Whether the cell of that index reduces.</summary>
    public bool IsReduction(int cell) => cell == Cells / 3 || cell == 2 * Cells / 3;

    /// <summary>The convolutions of the stem, first to last.</summary>
    /// <exception cref="ArgumentException">The geometry has <see cref="Problems"/>.</exception>
    public IReadOnlyList<ConvolutionUnit> StemConvolutions()
    {
        ThrowIfFaulty();
        if (Stem != StemKind.ImageNet)
        {
            return [new ConvolutionUnit { Input = Image, OutputChannels = StemMultiplier * Channels, Kernel = 3, Stride = Stem.StrideOfSmall() }];
        }

        var first = new ConvolutionUnit { Input = Image, OutputChannels = Channels / 2, Kernel = 3, Stride = 2 };
        var second = new ConvolutionUnit { Input = first.Output, OutputChannels = Channels, Kernel = 3, Stride = 2, ReluBefore = true };
        return [first, second, new ConvolutionUnit { Input = second.Output, OutputChannels = Channels, Kernel = 3, Stride = 2, ReluBefore = true }];
    }

    /// <summary>The cells, first to last.</summary>
    /// <exception cref="ArgumentException">The geometry has <see cref="Problems"/>.</exception>
    public IReadOnlyList<CellGeometry> Plan()
    {
        var stem = StemConvolutions();
        var (prevPrev, prev) = (stem[Math.Max(0, stem.Count - 2)].Output, stem[^1].Output);
        var (channels, previousReduced) = (Channels, Stem == StemKind.ImageNet);
        var cells = new List<CellGeometry>();
        for (var index = 0; index < Cells; index++)
        {
            channels *= IsReduction(index) ? 2 : 1;
            var cell = new CellGeometry(index, IsReduction(index), prevPrev, prev, previousReduced, channels);
            cells.Add(cell);
            (prevPrev, prev, previousReduced) = (prev, cell.Output, cell.IsReduction);
        }

        return cells;
    }

    private void ThrowIfFaulty()
    {
        if (Problems() is { Count: > 0 } problems)
        {
            throw new ArgumentException($"The geometry cannot be used: {string.Join(' ', problems)}");
        }
    }
}
