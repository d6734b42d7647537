namespace DcpNas.Cost;

/// <summary>What a network costs per image at inference: in all, by group and by layer. Conventions: see <see cref="CostAmount"/>.</summary>
public sealed partial class CostReport
{
    /// <summary>Creates a report.</summary>
    /// <param name="genotype">The genotype in its text form.</param>
    /// <param name="geometry">The stack.</param>
    /// <param name="layers">All layers, first to last.</param>
    public CostReport(string genotype, NetworkGeometry geometry, IReadOnlyList<CostLayer> layers)
    {
        (Genotype, Geometry, Layers) = (genotype, geometry, layers);
        Groups = Enum.GetValues<CostGroup>().ToDictionary(group => group, group => CostAmount.Sum(layers.Where(layer => layer.Group == group).Select(layer => layer.Cost)));
        Total = CostAmount.Sum(Groups.Values);
    }

    /// <summary>The architecture where it is not the stack of cells of a genotype: <c>birealnet18</c>; else null.</summary>
    public string? Architecture { get; init; }

    /// <summary>What the network gives instead of scores of classes, as <c>embeddings of 512 numbers</c>; null for classes.</summary>
    public string? Output { get; init; }

    /// <summary>The genotype in its text form; empty where there is an architecture.</summary>
    public string Genotype { get; }

    /// <summary>The stack, with the scheme that OPs are counted by.</summary>
    public NetworkGeometry Geometry { get; }

    /// <summary>The whole network.</summary>
    public CostAmount Total { get; }

    /// <summary>Every group; those without layers are zero.</summary>
    public IReadOnlyDictionary<CostGroup, CostAmount> Groups { get; }

    /// <summary>All layers, first to last.</summary>
    public IReadOnlyList<CostLayer> Layers { get; }

    /// <summary>The network in one line: <c>C 108, L 10, 224x224, 1000 classes, imagenet stem, scheme paper</c>.</summary>
    public string Describe() =>
        $"{(Architecture is null ? "" : $"{Architecture}, ")}C {Geometry.Channels}, {(Architecture is null ? $"L {Geometry.Cells}, " : "")}{Geometry.InputHeight}x{Geometry.InputWidth}, {Output ?? $"{Geometry.Classes} {(Geometry.Classes == 1 ? "class" : "classes")}"}, {CostNames.Of(Geometry.Stem)} stem, scheme {CostNames.Of(Geometry.Scheme)}{(Geometry.RealWeights ? ", step 1: real weights" : "")}";

    /// <summary>The totals, with their binary and real shares.</summary>
    public CostTable Summary() => new(["measure", "total", "binary", "real"],
    [
        ["OPs", Count(Total.Ops), Count(Total.BinaryOps), Count(Total.Flops)],
        ["OPs of convolutions and classifier", Count(Total.ConvolutionOps), Count(Total.BinaryOps), Count(Total.RealMacs)],
        ["BOPs", Count(Total.Bops), Count(Total.Bops), "0"],
        ["FLOPs", Count(Total.Flops), "0", Count(Total.Flops)],
        ["FLOPs, elementwise share", Count(Total.ElementwiseFlops), "0", Count(Total.ElementwiseFlops)],
        ["parameters", Count(Total.BinaryWeights + Total.RealParameters), Count(Total.BinaryWeights), Count(Total.RealParameters)],
        ["memory", Mbit(Total.Bits), Mbit(Total.BinaryWeights), Mbit(Total.RealBits)],
    ]);

    /// <summary>One row per group that has layers.</summary>
    public CostTable ByGroup() => new(["group", .. AmountColumns],
        [.. Groups.Where(group => group.Value != default).Select(group => (IReadOnlyList<string>)[CostNames.Of(group.Key), .. AmountCells(group.Value)])]);

    /// <summary>One row per layer.</summary>
    public CostTable ByLayer() => new(["layer", "shape", "output", .. AmountColumns],
        [.. Layers.Select(layer => (IReadOnlyList<string>)[
            layer.Name, layer.Shape, $"{layer.Output.Channels}x{layer.Output.Height}x{layer.Output.Width}", .. AmountCells(layer.Cost)])]);

    private static readonly string[] AmountColumns = ["MACs", "BOPs", "FLOPs", "OPs", "binary weights", "real parameters", "memory"];

    private static string[] AmountCells(CostAmount cost) =>
        [Count(cost.Macs), Count(cost.Bops), Count(cost.Flops), Count(cost.Ops), Count(cost.BinaryWeights), Count(cost.RealParameters), Mbit(cost.Bits)];

    private static string Count(double value) => value switch
    {
        >= 1e9 => $"{value / 1e9:F3} G",
        >= 1e6 => $"{value / 1e6:F2} M",
        >= 1e3 => $"{value / 1e3:F1} k",
        _ => $"{value:0.##}",
    };

    private static string Mbit(long bits) => $"{bits / 1e6:F3} Mbit";
}

/// <summary>A table of text, ready to print.</summary>
/// <param name="Columns">The heads.</param>
/// <param name="Rows">One entry per column each.</param>
public sealed record CostTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
