using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Tasks.Detection;
using DcpNas.Tests.Networks;
using static TorchSharp.torch;

namespace DcpNas.Tests.Tasks.Detection;

/// <summary>Neck and head of a one-stage detector: what is counted of them is what they are. Values: <see cref="Export.ReferenceNetworkTests"/>.</summary>
public class SsdGraphTests
{
    private static readonly DetectorDesign Design = new()
    {
        FeatureLevels = 2,
        ExtraLevels = 1,
        NeckChannels = 6,
        HeadConvs = 2,
        Anchors = [.. Enumerable.Range(1, 3).Select(level => (IReadOnlyList<AnchorSize>)[new(0.1 * level, 0.2), new(0.2, 0.1 * level)])],
    };

    [Theory]
    [InlineData(BinarizationScheme.Paper)]
    [InlineData(BinarizationScheme.None)]
    public void Cost_OfAHead_HasItsParametersUnderTheirNamesAndCountsTheMeansOfExtraLevels(BinarizationScheme scheme)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of("birealnet18") with { Scheme = scheme };
        using var backbone = NetworkCatalog.Create(description);
        using var head = new SsdHead(Design, description, backbone.Stages, 3);

        var rows = SsdHead.Cost(Design, description, NetworkCatalog.Stages(description), 3).ToList();

        var counted = rows.GroupBy(row => Place(row.Name))
            .ToDictionary(group => group.Key, group => group.Sum(row => row.Cost.BinaryWeights + row.Cost.RealParameters));
        var held = head.named_parameters().GroupBy(named => Place($"head.{named.name}"))
            .ToDictionary(group => group.Key, group => group.Sum(named => named.parameter.numel()));
        Assert.Equal(held.OrderBy(entry => entry.Key), counted.OrderBy(entry => entry.Key));
        var mean = Assert.Single(rows, row => row.Name == "head.extras.0.pool");
        Assert.Equal((4 * head.Maps[^1].Elements, head.Maps[^1]), (mean.Cost.ElementwiseFlops, mean.Output));

        // "head.towers.1.0", "head.laterals.0"
        static string Place(string name) => string.Join('.', name.Split('.').Take(name.Contains("towers", StringComparison.Ordinal) ? 4 : 3));
    }

    [Theory]
    [InlineData("cells", StemKind.ImageNet)]
    [InlineData("birealnet18", StemKind.Cifar)]
    [InlineData("reactnet_a", StemKind.Half)]
    public void Stages_WithoutBuildingTheNetwork_AreThoseOfIt(string architecture, StemKind stem)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture, stem);
        using var network = NetworkCatalog.Create(description);

        Assert.Equal(network.Stages, NetworkCatalog.Stages(description));
    }
}
