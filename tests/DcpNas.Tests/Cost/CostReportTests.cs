using System.Reflection;
using System.Text.Json;
using DcpNas.Cost;

namespace DcpNas.Tests.Cost;

public class CostReportTests
{
    private static readonly CostReport Report = new(
        "normal: ... | reduction: ...",
        new NetworkGeometry { Channels = 4, InputHeight = 32, InputWidth = 48, Classes = 10, Stem = StemKind.Cifar, Scheme = CountingScheme.Release },
        [
            new CostLayer("stem.0", CostGroup.Stem, "conv 3x3", new FeatureMap(12, 32, 48), new CostAmount(0, 1_500_000, 500, 0, 1_000)),
            new CostLayer("cells.0.preprocess.0", CostGroup.Preprocess, "conv 1x1", new FeatureMap(4, 32, 48), new CostAmount(6_400_000_000, 0, 0, 2_000_000, 0)),
            new CostLayer("cells.0.preprocess.1", CostGroup.Preprocess, "conv 1x1", new FeatureMap(4, 32, 48), new CostAmount(32, 0, 1, 0, 0)),
        ]);

    [Fact]
    public void CostAmount_Measures_FollowTheirDefinitions()
    {
        var cost = new CostAmount(BinaryMacs: 96, RealMacs: 10, ElementwiseFlops: 5, BinaryWeights: 7, RealParameters: 2);

        Assert.Equal((96, 15, 106), (cost.Bops, cost.Flops, cost.Macs));
        Assert.Equal((16.5, 1.5, 11.5), (cost.Ops, cost.BinaryOps, cost.ConvolutionOps));
        Assert.Equal((71, 64, 71e-6), (cost.Bits, cost.RealBits, cost.Mbit));
        Assert.Equal(new CostAmount(192, 20, 10, 14, 4), cost + cost);
        Assert.Equal(cost, CostAmount.Sum([cost, default]));
    }

    [Fact]
    public void Count_OfADilatedConvolution_CostsAsMuchAsAPlainOne()
    {
        var plain = new ConvolutionUnit { Input = new FeatureMap(3, 9, 9), OutputChannels = 5, Kernel = 3, Stride = 2 };

        Assert.Equal(new CostAmount(0, 3 * 9 * 5 * 25, 5 * 25, 0, (3 * 9 * 5) + 10), plain.Count("a", CostGroup.Stem).Cost);
        Assert.Equal(plain.Count("a", CostGroup.Stem).Cost, (plain with { Dilation = 2 }).Count("a", CostGroup.Stem).Cost);
        Assert.Equal("conv 3x3/2, dilation 2", (plain with { Dilation = 2 }).Count("a", CostGroup.Stem).Shape);
    }

    [Fact]
    public void Summary_ShowsTotalsWithUnits()
    {
        var summary = Report.Summary();

        Assert.Equal(["measure", "total", "binary", "real"], summary.Columns);
        Assert.Equal(
            [
                "OPs|101.50 M|100.00 M|1.50 M",
                "OPs of convolutions and classifier|101.50 M|100.00 M|1.50 M",
                "BOPs|6.400 G|6.400 G|0",
                "FLOPs|1.50 M|0|1.50 M",
                "FLOPs, elementwise share|501|0|501",
                "parameters|2.00 M|2.00 M|1.0 k",
                "memory|2.032 Mbit|2.000 Mbit|0.032 Mbit",
            ],
            summary.Rows.Select(row => string.Join('|', row)));
    }

    [Fact]
    public void ByGroup_ShowsGroupsWithLayersOnly() => Assert.Equal(
        ["stem|1.50 M|0|1.50 M|1.50 M|0|1.0 k|0.032 Mbit", "preprocess|6.400 G|6.400 G|1|100.00 M|2.00 M|0|2.000 Mbit"],
        Report.ByGroup().Rows.Select(row => string.Join('|', row)));

    [Fact]
    public void ByLayer_ShowsEachLayer()
    {
        var table = Report.ByLayer();

        Assert.All(table.Rows, row => Assert.Equal(table.Columns.Count, row.Count));
        Assert.Equal("cells.0.preprocess.1|conv 1x1|4x32x48|32|32|1|1.5|0|0|0.000 Mbit", string.Join('|', table.Rows[2]));
    }

    [Fact]
    public void Describe_NamesTheSchemeAndTheStack() => Assert.Equal("C 4, L 10, 32x48, 10 classes, cifar stem, scheme release", Report.Describe());

    [Fact]
    public void ToJson_HoldsTheSameNumbers()
    {
        using var document = JsonDocument.Parse(Report.ToJson());
        var root = document.RootElement;

        Assert.Equal(["format", "genotype", "geometry", "total", "groups", "layers"], root.EnumerateObject().Select(property => property.Name));
        Assert.Equal("dcpnas-cost-1", root.GetProperty("format").GetString());
        Assert.Equal("release", root.GetProperty("geometry").GetProperty("scheme").GetString());
        Assert.Equal(48, root.GetProperty("geometry").GetProperty("input_width").GetInt32());
        Assert.Equal(["stem", "preprocess"], root.GetProperty("groups").EnumerateObject().Select(property => property.Name));
        var total = root.GetProperty("total");
        Assert.Equal(Report.Total.Ops, total.GetProperty("ops").GetDouble());
        Assert.Equal(100_000_000.5, total.GetProperty("ops_binary").GetDouble());
        Assert.Equal(101_500_000.5, total.GetProperty("ops_convolution").GetDouble());
        Assert.Equal(6_400_000_032, total.GetProperty("bops").GetInt64());
        Assert.Equal((1_500_501, 1_500_000, 501), (total.GetProperty("flops").GetInt64(), total.GetProperty("flops_convolution").GetInt64(), total.GetProperty("flops_elementwise").GetInt64()));
        Assert.Equal((2_000_000, 1_000), (total.GetProperty("binary_weights").GetInt64(), total.GetProperty("real_parameters").GetInt64()));
        Assert.Equal((2.032, 2.0, 0.032), (total.GetProperty("memory_mbit").GetDouble(), total.GetProperty("memory_mbit_binary").GetDouble(), total.GetProperty("memory_mbit_real").GetDouble()));
        var layer = root.GetProperty("layers")[1];
        Assert.Equal(["cells.0.preprocess.0", "preprocess", "conv 1x1", "[4,32,48]"],
            [layer.GetProperty("name").GetString(), layer.GetProperty("group").GetString(), layer.GetProperty("shape").GetString(), JsonSerializer.Serialize(layer.GetProperty("output"))]);
    }

    [Fact]
    public void Of_EveryValue_HasANameOfItsOwn()
    {
        Assert.Equal(10, Enum.GetValues<CostGroup>().Select(CostNames.Of).Distinct().Count());
        Assert.Equal(["cifar", "imagenet", "half"], Enum.GetValues<StemKind>().Select(CostNames.Of));
        Assert.Equal(["none", "paper", "release"], Enum.GetValues<CountingScheme>().Select(CostNames.Of));
    }

    [Fact]
    public void Cost_KnowsNoOtherPartOfDcpNas()
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var types = typeof(CostReport).Assembly.GetTypes().Where(type => type.Namespace == "DcpNas.Cost").ToArray();
        var known = types.SelectMany(type => type.GetFields(all).Select(field => field.FieldType)
            .Concat(type.GetMethods(all).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)))
            .Concat(type.GetMethods(all).SelectMany(method => method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [])));

        Assert.True(types.Length > 10);
        Assert.DoesNotContain(known, type => type.Namespace is { } name && name != "DcpNas.Cost" && (name.StartsWith("DcpNas", StringComparison.Ordinal) || name.StartsWith("TorchSharp", StringComparison.Ordinal)));
    }
}
