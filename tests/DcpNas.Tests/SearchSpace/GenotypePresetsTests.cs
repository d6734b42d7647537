using DcpNas.SearchSpace;

namespace DcpNas.Tests.SearchSpace;

public class GenotypePresetsTests
{
    // In the order of publication, which puts the edges of some nodes the other way round.
    [Theory]
    [InlineData("DDPNAS_MCN_2",
        "n2[sep5<-1, max<-0] n3[dil3<-2, skip<-0] n4[sep3<-3, avg<-1] n5[dil3<-4, avg<-3]",
        "n2[max<-0, sep3<-1] n3[dil3<-1, sep3<-0] n4[max<-1, dil5<-2] n5[dil5<-2, sep5<-1]")]
    [InlineData("Tangent_1",
        "n2[sep3<-1, max<-0] n3[sep3<-0, dil3<-1] n4[sep5<-3, max<-2] n5[sep5<-4, max<-0]",
        "n2[max<-0, sep5<-1] n3[dil3<-1, dil5<-2] n4[skip<-0, dil5<-3] n5[sep5<-2, skip<-4]")]
    [InlineData("Tangent_2",
        "n2[skip<-0, dil3<-1] n3[sep3<-0, sep3<-2] n4[avg<-2, sep3<-3] n5[max<-0, dil5<-4]",
        "n2[dil3<-0, dil5<-1] n3[max<-1, dil5<-2] n4[dil3<-1, avg<-2] n5[sep3<-1, dil5<-3]")]
    public void FindPreset_OfAPublishedName_GivesThePublishedCells(string name, string normal, string reduction)
    {
        Assert.Equal(Genotype.Parse($"normal: {normal} | reduction: {reduction}"), Genotype.FindPreset(name));
        Assert.Same(Genotype.FindPreset(name), Genotype.FindPreset(name.ToLowerInvariant()));
        Assert.Same(Genotype.FindPreset(name), Genotype.Resolve(name));
    }

    [Fact]
    public void All_HoldsThreeWithProvenance()
    {
        Assert.Equal(3, GenotypePresets.All.Count);
        Assert.All(GenotypePresets.All, preset => Assert.Equal($"arXiv:2306.15390, {preset.Name}", preset.Genotype.Provenance!.Run));
    }

    [Fact]
    public void FindPreset_OfAnUnknownName_IsNull() => Assert.Null(Genotype.FindPreset("Tangent_3"));

    [Theory]
    [InlineData("Tangent1", "Did you mean 'Tangent_1'?")]
    [InlineData("runs/7/x.json", "Give the path of a genotype file or the name of a preset.")]
    public void Resolve_OfNeitherFileNorPreset_ListsThePresets(string name, string remedy)
    {
        var problem = Assert.Throws<InputException>(() => Genotype.Resolve(name));

        Assert.Equal($"Unknown genotype '{name}': there is no such file. Known presets: DDPNAS_MCN_2, Tangent_1, Tangent_2. {remedy}", problem.Message);
    }

    [Fact]
    public void Resolve_OfText_ParsesIt()
    {
        var genotype = Discretizer.Random(3);

        Assert.Equal(genotype, Genotype.Resolve(genotype.ToString()));
    }
}
