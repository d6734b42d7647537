using DcpNas.Cost;

namespace DcpNas.SearchSpace;

/// <summary>The size of a supernet; Parent and Child share it.</summary>
public sealed record SupernetOptions
{
    /// <summary>Cells in sequence, at least 1. Default 8.</summary>
    public int Cells { get; init; } = 8;

    /// <summary>Channels of a node in the first cells, a multiple of <see cref="PartialChannels"/>, at least 2. Default 16.</summary>
    public int Channels { get; init; } = 16;

    /// <summary>Channels of the stem as a multiple of <see cref="Channels"/>. Default 3, as in DARTS.</summary>
    public int StemMultiplier { get; init; } = 3;

    /// <summary>What stands before the first cell: <see cref="StemKind.Cifar"/>, or <see cref="StemKind.Half"/> for a search at half the resolution. Default Cifar.</summary>
    public StemKind Stem { get; init; } = StemKind.Cifar;

    /// <summary>Stride of the stem's convolution.</summary>
    public int StemStride => Stem.StrideOfSmall();

    /// <summary>Sides of images must be multiples of this: the stem divides by its stride, two reductions halve, and an odd side has no factorised reduce.</summary>
    public int SideMultiple => 4 * StemStride;

    /// <summary>1/K of the channels go through the mixed operations (PC-DARTS, arXiv:1907.05737); 1 = all. Default 1.</summary>
    public int PartialChannels { get; init; } = 1;

    /// <summary>Whether each edge has a weight of its own, normalised over the edges into a node (PC-DARTS). Default false.</summary>
    public bool EdgeNormalization { get; init; }

    /// <summary>Whether every candidate ends with batch normalisation without weight and bias, so that all enter the mixed sum at the same size. Default true.</summary>
    public bool NormalizeCandidates { get; init; } = true;

    /// <summary>Channels of the images.</summary>
    public int ImageChannels { get; init; } = 3;

    /// <summary>Classes to tell apart.</summary>
    public int Classes { get; init; } = 10;
}
