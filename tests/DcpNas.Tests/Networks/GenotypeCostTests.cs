using CsCheck;
using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.SearchSpace;

namespace DcpNas.Tests.Networks;

public class GenotypeCostTests
{
    private const string Tiny =
        "normal: n2[skip<-0, skip<-1] n3[skip<-0, skip<-1] n4[skip<-0, skip<-1] n5[skip<-0, skip<-1] | "
        + "reduction: n2[skip<-0, max<-1] n3[sep3<-0, skip<-2] n4[dil5<-1, avg<-3] n5[sep5<-2, dil3<-4]";

    private static readonly NetworkGeometry TinyGeometry = new() { Channels = 2, Cells = 1, InputHeight = 4, InputWidth = 4, Classes = 2, Stem = StemKind.Cifar };

    private static readonly Gen<NetworkGeometry> Geometries =
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 12], Gen.Int[5, 70], Gen.Int[5, 70], Gen.Enum<StemKind>(), Gen.Enum<CountingScheme>())
            .Select((half, cells, height, width, stem, scheme) => new NetworkGeometry
            {
                Channels = 2 * half,
                Cells = cells,
                InputHeight = height,
                InputWidth = width,
                Classes = 10,
                Stem = stem,
                Scheme = scheme,
            });

    private static CostReport Large(CountingScheme scheme = CountingScheme.Paper) =>
        GenotypeCost.Report(Genotype.FindPreset("DDPNAS_MCN_2")!, new NetworkGeometry { Scheme = scheme });

    [Fact]
    public void Report_OfThePublishedLargeModel_GivesTheKnownWeights()
    {
        var total = Large().Total;

        Assert.Equal(12_366_000, total.BinaryWeights); // 12.37 M
        Assert.Equal(2_139_886, total.RealParameters); // 2.14 M
        Assert.Equal(12_366_000 + (32L * 2_139_886), total.Bits);
    }

    [Theory]
    [InlineData(CostGroup.Stem, 265_192_704)] // 265.2 M
    [InlineData(CostGroup.Preprocess, 758_999_808)] // 759.0 M
    [InlineData(CostGroup.Pointwise, 603_542_016)] // 603.5 M
    [InlineData(CostGroup.Depthwise, 43_796_592)] // 43.8 M
    [InlineData(CostGroup.Head, 1_728_000)]
    [InlineData(CostGroup.Skip, 0)]
    [InlineData(CostGroup.Pool, 0)]
    public void Report_OfThePublishedLargeModel_GivesTheKnownMacs(CostGroup group, long macs) => Assert.Equal(macs, Large().Groups[group].Macs);

    [Theory]
    [InlineData(CostGroup.Stem, 158_922 + 540)] // convolutions; normalisation of 54 + 108 + 108 channels
    [InlineData(CostGroup.Preprocess, (2 * 16_740) + (4 * 5_400))] // per input channel: normalisation 2; per output channel: beta, normalisation 2, PReLU
    [InlineData(CostGroup.Depthwise, 6 * 18_144)] // per channel: normalisation 2 before and 2 behind, beta, PReLU
    [InlineData(CostGroup.Pointwise, 4 * 18_144)] // per channel: beta, normalisation 2, PReLU
    [InlineData(CostGroup.Pool, 2 * 7_452)]
    [InlineData(CostGroup.Head, 1_729_000)]
    public void Report_OfThePublishedLargeModel_SplitsRealParameters(CostGroup group, long parameters) =>
        Assert.Equal(parameters, Large().Groups[group].RealParameters);

    [Fact]
    public void Report_UnderTheSchemes_MovesMacsOnly()
    {
        var (paper, release) = (Large().Total, Large(CountingScheme.Release).Total);

        Assert.Equal(603_542_016 + 758_999_808 + 43_796_592, paper.Bops);
        Assert.Equal(603_542_016, release.Bops);
        Assert.Equal(paper.Macs, release.Macs);
        Assert.Equal((paper.BinaryWeights, paper.RealParameters, paper.ElementwiseFlops), (release.BinaryWeights, release.RealParameters, release.ElementwiseFlops));
    }

    [Theory]
    // Counted by hand, operation by operation.
    [InlineData(CountingScheme.Paper, 2848, 2624, 2050, 568, 540)]
    [InlineData(CountingScheme.Release, 384, 5088, 2050, 568, 540)]
    [InlineData(CountingScheme.None, 0, 5472, 1714, 0, 1048)]
    public void Report_OfATinyNetwork_AgreesWithTheCountByHand(CountingScheme scheme, long binaryMacs, long realMacs, long elementwise, long binaryWeights, long realParameters) =>
        Assert.Equal(
            new CostAmount(binaryMacs, realMacs, elementwise, binaryWeights, realParameters),
            GenotypeCost.Report(Genotype.Parse(Tiny), TinyGeometry with { Scheme = scheme }).Total);

    [Theory]
    [InlineData("cells.0.preprocess.0", 384, 288, 24, 28)]
    [InlineData("cells.0.nodes.2.inputs.0.skip", 64, 96, 16, 20)]
    [InlineData("cells.0.nodes.2.inputs.1.pool", 0, 160, 0, 8)]
    [InlineData("cells.0.nodes.2.sum", 0, 16, 0, 0)]
    [InlineData("cells.0.nodes.3.inputs.0.blocks.0.depthwise", 144, 112, 36, 24)]
    [InlineData("cells.0.nodes.3.inputs.0.blocks.0.pointwise", 64, 48, 16, 16)] // strided: no shortcut
    [InlineData("cells.0.nodes.3.inputs.0.blocks.1.depthwise", 144, 64, 36, 24)]
    [InlineData("cells.0.nodes.3.inputs.0.blocks.1.pointwise", 64, 64, 16, 16)]
    [InlineData("cells.0.nodes.4.inputs.1.blocks.0.depthwise", 400, 112, 100, 24)]
    [InlineData("cells.0.nodes.5.inputs.2.blocks.1.depthwise", 400, 64, 100, 24)]
    public void Report_OfATinyNetwork_CountsEachLayer(string name, long binaryMacs, long elementwise, long binaryWeights, long realParameters)
    {
        var layer = Assert.Single(GenotypeCost.Report(Genotype.Parse(Tiny), TinyGeometry).Layers, layer => layer.Name == name);

        Assert.Equal(new CostAmount(binaryMacs, 0, elementwise, binaryWeights, realParameters), layer.Cost);
    }

    [Fact]
    public void Report_OfAnyNetwork_NamesEachLayerOnceAndSumsThem() =>
        Gen.Select(Gen.Long.Select(Discretizer.Random), Geometries).Sample((genotype, geometry) =>
        {
            var report = GenotypeCost.Report(genotype, geometry);

            Assert.Equal(report.Layers.Count, report.Layers.Select(layer => layer.Name).Distinct().Count());
            Assert.Equal(report.Layers.Sum(layer => layer.Cost.Flops), report.Total.Flops);
            Assert.Equal(geometry.Cells * 2, report.Layers.Count(layer => layer.Group == CostGroup.Preprocess));
            Assert.Equal(geometry.Cells * 4, report.Layers.Count(layer => layer.Group == CostGroup.Sum));
        }, iter: 100);

    [Fact]
    public void Supernet_OfAnyGenotype_GivesExactlyTheCostOfItsNetwork() =>
        Gen.Select(Gen.Long.Select(Discretizer.Random), Geometries).Sample((genotype, geometry) =>
        {
            var table = GenotypeCost.Supernet(geometry);
            var total = GenotypeCost.Report(genotype, geometry).Total;

            Assert.Equal(total, table.Discretised(genotype));
            var (normal, reduction) = (table.Ops(isReduction: false), table.Ops(isReduction: true));
            var ops = table.Fixed.Ops
                + genotype.Normal.Edges().Sum(edge => normal[edge.EdgeIndex, OperationNames.IndexOf(edge.Edge.Operation)])
                + genotype.Reduction.Edges().Sum(edge => reduction[edge.EdgeIndex, OperationNames.IndexOf(edge.Edge.Operation)]);
            Assert.Equal(total.Ops, ops); // no tolerance: multiples of 1/64 add exactly
        }, iter: 200);

    [Fact]
    public void Supernet_OfAnyGeometry_GivesNoneForFreeAndSkipsOnlyWhereStrided() => Geometries.Sample(geometry =>
    {
        var table = GenotypeCost.Supernet(geometry);
        for (var edge = 0; edge < CellTopology.EdgeCount; edge++)
        {
            Assert.Equal(default, table.Of(false, edge, 0));
            Assert.Equal(default, table.Of(true, edge, 0));
            Assert.Equal(default, table.Of(false, edge, 1));
            Assert.Equal(CellTopology.EndsOf(edge).Input >= 2, table.Of(true, edge, 1) == default);
        }
    }, iter: 50);

    [Theory]
    [InlineData(BinarizationScheme.None, "none")]
    [InlineData(BinarizationScheme.Paper, "paper")]
    [InlineData(BinarizationScheme.Release, "release")]
    public void CountedAs_OfAScheme_HasItsName(BinarizationScheme scheme, string name) => Assert.Equal(name, CostNames.Of(GenotypeCost.CountedAs(scheme)));
}
