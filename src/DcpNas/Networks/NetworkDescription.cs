using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.SearchSpace;

namespace DcpNas.Networks;

/// <summary>Everything that rebuilds a network apart from its weights and its head. Immutable; stored in every checkpoint.</summary>
public sealed partial record NetworkDescription
{
    private readonly int? _channels;

    /// <summary>A name of <see cref="NetworkNames"/>. Default <c>cells</c>.</summary>
    public string Architecture { get; init; } = NetworkNames.Cells;

    /// <summary>The cells; needed by the architecture <c>cells</c>, absent from all others.</summary>
    public Genotype? Genotype { get; init; }

    /// <summary>
    /// The width: channels of a node in the first cell, of the first stage of Bi-Real-Net, of the stem of ReActNet. Default: that of the source
    /// (<see cref="NetworkNames.DefaultChannels"/>: 36, 64, 32).
    /// </summary>
    public int Channels
    {
        get => _channels ?? NetworkNames.DefaultChannels(Architecture);
        init => _channels = value;
    }

    /// <summary>Cells in sequence, at least 1; read by <c>cells</c> alone. Default 20.</summary>
    public int Cells { get; init; } = 20;

    /// <summary>Channels of the stem (CIFAR, half) as a multiple of <see cref="Channels"/>; read by <c>cells</c> alone. Default 3, as in DARTS.</summary>
    public int StemMultiplier { get; init; } = 3;

    /// <summary>What stands before the body: for small images, for large ones, or for small ones on small processors. Default Cifar.</summary>
    public StemKind Stem { get; init; } = StemKind.Cifar;

    /// <summary>Rows of an image, in pixels: at least 16, with the ImageNet stem 32. Default 32.</summary>
    public int ImageHeight { get; init; } = 32;

    /// <summary>Columns of an image, in pixels: at least 16, with the ImageNet stem 32. Default 32.</summary>
    public int ImageWidth { get; init; } = 32;

    /// <summary>Channels of an image, at least 1. Default 3.</summary>
    public int ImageChannels { get; init; } = 3;

    /// <summary>What is 1-bit; None is the real-valued counterpart. Default Paper. The hand-made networks know None and Paper.</summary>
    public BinarizationScheme Scheme { get; init; } = BinarizationScheme.Paper;

    /// <summary>Where the scale of a 1-bit convolution comes from. Default Learnable.</summary>
    public ScaleKind Scale { get; init; } = ScaleKind.Learnable;

    /// <summary>The surrogate gradient of the sign of activations. Default BiReal.</summary>
    public SignEstimator ActivationGradient { get; init; } = SignEstimator.BiReal;

    /// <summary>Step 1 of training: activations as the scheme says, weights real. Default false.</summary>
    public bool RealWeights { get; init; }

    /// <summary>Which values of the body are 1-bit.</summary>
    public Precision Precision => new(Scheme, Scale, ActivationGradient) { RealWeights = RealWeights };

    /// <summary>The stack apart from the genotype, for counting. For hand-made networks it holds sizes and scheme, without cells.</summary>
    /// <param name="classes">Outputs of the classifier.</param>
    public NetworkGeometry Geometry(int classes) => new()
    {
        Channels = Channels,
        Cells = Architecture == NetworkNames.Cells ? Cells : 0,
        InputHeight = ImageHeight,
        InputWidth = ImageWidth,
        InputChannels = ImageChannels,
        Classes = classes,
        Stem = Stem,
        StemMultiplier = Architecture == NetworkNames.Cells ? StemMultiplier : 1,
        Scheme = GenotypeCost.CountedAs(Scheme),
        RealWeights = RealWeights,
    };

    /// <summary>The network of a genotype in a stack that is counted.</summary>
    /// <param name="genotype">The cells.</param>
    /// <param name="geometry">The stack.</param>
    public static NetworkDescription Of(Genotype genotype, NetworkGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        return new()
        {
            Genotype = genotype,
            Channels = geometry.Channels,
            Cells = geometry.Cells,
            StemMultiplier = geometry.StemMultiplier,
            Stem = geometry.Stem,
            ImageHeight = geometry.InputHeight,
            ImageWidth = geometry.InputWidth,
            ImageChannels = geometry.InputChannels,
            Scheme = SchemeOf(geometry),
            RealWeights = geometry.RealWeights,
        };
    }

    /// <summary>The scheme of networks that are counted so.</summary>
    public static BinarizationScheme SchemeOf(NetworkGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        return Enum.GetValues<BinarizationScheme>().Single(scheme => GenotypeCost.CountedAs(scheme) == geometry.Scheme);
    }

    /// <summary>All faults, one sentence each, keys as in files; empty if there are none.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        if (!NetworkNames.All.Contains(Architecture))
        {
            problems.Add($"architecture must be one of {string.Join(", ", NetworkNames.All)}, got '{Architecture}'. Did you mean '{Nearest.Of(Architecture, NetworkNames.All)}'?");
            return problems;
        }

        var hasCells = Architecture == NetworkNames.Cells;
        if (hasCells != Genotype is not null)
        {
            problems.Add(hasCells ? "genotype must be given for the architecture cells, got none." : $"genotype must be absent from the architecture {Architecture}, got one.");
        }

        Within(Channels, hasCells ? 2 : 1, 4096, "channels");
        if (hasCells)
        {
            Within(Cells, 1, 1000, "cells");
            Within(StemMultiplier, 1, 64, "stem_multiplier");
        }

        var smallest = Stem == StemKind.ImageNet ? 32 : 16;
        Within(ImageHeight, smallest, 8192, "image_height");
        Within(ImageWidth, smallest, 8192, "image_width");
        Within(ImageChannels, 1, 4096, "image_channels");
        if (hasCells && Stem == StemKind.ImageNet && Channels % 2 != 0)
        {
            problems.Add($"channels must be even with the imagenet stem, got {Channels}.");
        }

        if (!hasCells && Scheme == BinarizationScheme.Release)
        {
            problems.Add($"scheme must be none or paper for the architecture {Architecture}, got release.");
        }

        if (RealWeights && Scheme == BinarizationScheme.None)
        {
            problems.Add("real_weights must be false with scheme none, whose weights are real anyway, got true.");
        }

        return problems;

        void Within(int value, int least, int most, string key)
        {
            if (value < least || value > most)
            {
                problems.Add($"{key} must be from {least} to {most}, got {value}.");
            }
        }
    }

    /// <summary>Whether both describe the same network: a default width equals the same width given.</summary>
    public bool Equals(NetworkDescription? other) => other is not null && Values == other.Values;

    /// <inheritdoc/>
    public override int GetHashCode() => Values.GetHashCode();

    private (string, Genotype?, int, int, int, StemKind, int, int, int, BinarizationScheme, ScaleKind, SignEstimator, bool) Values =>
        (Architecture, Genotype, Channels, Cells, StemMultiplier, Stem, ImageHeight, ImageWidth, ImageChannels, Scheme, Scale, ActivationGradient, RealWeights);
}
