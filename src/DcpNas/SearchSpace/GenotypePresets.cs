namespace DcpNas.SearchSpace;

/// <summary>The genotypes that were published with DCP-NAS (arXiv:2306.15390).</summary>
public static class GenotypePresets
{
    /// <summary>All presets; DDPNAS_MCN_2 is the one of DCP-NAS-L (108 channels, 10 cells).</summary>
    public static IReadOnlyList<GenotypePreset> All { get; } =
    [
        Preset("DDPNAS_MCN_2",
            "n2[max<-0, sep5<-1] n3[skip<-0, dil3<-2] n4[avg<-1, sep3<-3] n5[avg<-3, dil3<-4]",
            "n2[max<-0, sep3<-1] n3[sep3<-0, dil3<-1] n4[max<-1, dil5<-2] n5[sep5<-1, dil5<-2]"),
        Preset("Tangent_1",
            "n2[max<-0, sep3<-1] n3[sep3<-0, dil3<-1] n4[max<-2, sep5<-3] n5[max<-0, sep5<-4]",
            "n2[max<-0, sep5<-1] n3[dil3<-1, dil5<-2] n4[skip<-0, dil5<-3] n5[sep5<-2, skip<-4]"),
        Preset("Tangent_2",
            "n2[skip<-0, dil3<-1] n3[sep3<-0, sep3<-2] n4[avg<-2, sep3<-3] n5[max<-0, dil5<-4]",
            "n2[dil3<-0, dil5<-1] n3[max<-1, dil5<-2] n4[dil3<-1, avg<-2] n5[sep3<-1, dil5<-3]"),
    ];

    private static GenotypePreset Preset(string name, string normal, string reduction) =>
        new(name, Genotype.Parse($"normal: {normal} | reduction: {reduction}") with { Provenance = new(Strategy: "dcp-nas", Run: $"arXiv:2306.15390, {name}") });
}

/// <summary>A published genotype.</summary>
/// <param name="Name">The name under which it was published.</param>
/// <param name="Genotype">The cells.</param>
public sealed record GenotypePreset(string Name, Genotype Genotype);
