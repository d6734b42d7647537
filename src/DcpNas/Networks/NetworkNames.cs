namespace DcpNas.Networks;

/// <summary>The stable names of the architectures; they are written to checkpoints and never renamed.</summary>
public static class NetworkNames
{
    /// <summary>The stack of cells of a genotype.</summary>
    public const string Cells = "cells";

    /// <summary>Bi-Real-Net-18, arXiv:1808.00278.</summary>
    public const string BiRealNet18 = "birealnet18";

    /// <summary>ResNet-20 for small images, arXiv:1512.03385, of the units of Bi-Real-Net.</summary>
    public const string BiRealNet20 = "birealnet20";

    /// <summary>ReActNet-A, arXiv:2003.03488.</summary>
    public const string ReActNetA = "reactnet_a";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All => [.. NetworkTable.All.Select(row => row.Name)];

    /// <summary>The names of the hand-made networks: all but the cells.</summary>
    public static IReadOnlyList<string> HandMade => [.. All.Where(name => name != Cells)];

    /// <summary>The width that the source of an architecture uses: DARTS' 36 for cells, else that of the paper.</summary>
    /// <param name="architecture">A name of <see cref="All"/>; an unknown one has the width of cells.</param>
    public static int DefaultChannels(string architecture) => NetworkTable.All.FirstOrDefault(row => row.Name == architecture, NetworkTable.All[0]).Channels;
}
