using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Tests.Networks;

/// <summary>Costs against the modules themselves and against published figures.</summary>
public class NetworkCostTests
{
    public static TheoryData<string, StemKind, BinarizationScheme> Kinds() => new()
    {
        { "cells", StemKind.Cifar, BinarizationScheme.Paper },
        { "cells", StemKind.ImageNet, BinarizationScheme.Release },
        { "cells", StemKind.Half, BinarizationScheme.Paper },
        { "birealnet18", StemKind.Half, BinarizationScheme.Paper },
        { "birealnet20", StemKind.Cifar, BinarizationScheme.Paper },
        { "reactnet_a", StemKind.Half, BinarizationScheme.None },
        { "cells", StemKind.Cifar, BinarizationScheme.None },
        { "birealnet18", StemKind.Cifar, BinarizationScheme.Paper },
        { "birealnet18", StemKind.ImageNet, BinarizationScheme.None },
        { "reactnet_a", StemKind.Cifar, BinarizationScheme.None },
        { "reactnet_a", StemKind.ImageNet, BinarizationScheme.Paper },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Cost_OfANetwork_HasTheParametersOfItsModule(string architecture, StemKind stem, BinarizationScheme scheme)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture, stem) with { Scheme = scheme };
        using var network = NetworkCatalog.Create(description);
        using var classifier = nn.Linear(network.FeatureCount, 7);

        var cost = NetworkCatalog.Cost(description, 7);

        var (binary, real) = Count(network);
        Assert.Equal(binary, cost.Total.BinaryWeights);
        Assert.Equal(real + classifier.parameters().Sum(parameter => parameter.numel()), cost.Total.RealParameters);
    }

    [Theory]
    [InlineData("cells", BinarizationScheme.Paper)]
    [InlineData("cells", BinarizationScheme.Release)]
    [InlineData("birealnet18", BinarizationScheme.Paper)]
    [InlineData("reactnet_a", BinarizationScheme.Paper)]
    public void Cost_OfStep1_CountsRealWeights(string architecture, BinarizationScheme scheme)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture, StemKind.Cifar) with { Scheme = scheme, RealWeights = true };
        using var network = NetworkCatalog.Create(description);
        using var classifier = nn.Linear(network.FeatureCount, 7);
        network.eval();
        var naive = new NaiveNetwork(network, ScalarType.Float32);
        naive.Features(Examples.Images(description, 1));

        var cost = NetworkCatalog.Cost(description, 7);

        Assert.Equal((0L, 0L), (cost.Total.BinaryWeights, cost.Total.BinaryMacs));
        Assert.Equal(network.parameters().Sum(parameter => parameter.numel()) + classifier.parameters().Sum(parameter => parameter.numel()), cost.Total.RealParameters);
        Assert.Equal(naive.BinaryMacs + naive.RealMacs + (7 * network.FeatureCount), cost.Total.RealMacs);
        Assert.Equal(32 * cost.Total.RealParameters, cost.Total.Bits);
        Assert.EndsWith(", step 1: real weights", cost.Describe(), StringComparison.Ordinal);
        Assert.True((bool)System.Text.Json.Nodes.JsonNode.Parse(cost.ToJson())!["geometry"]!["real_weights"]!);
    }

    [Theory]
    [InlineData(BinarizationScheme.Paper)]
    [InlineData(BinarizationScheme.Release)]
    public void Cost_OfEveryEdge_HasTheParametersUnderItsName(BinarizationScheme scheme)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of("cells") with { Scheme = scheme };
        using var network = NetworkCatalog.Create(description);

        var expected = NetworkCatalog.Cost(description, 7).Layers.Where(layer => layer.Group is not (CostGroup.Head or CostGroup.Sum))
            .GroupBy(layer => Place(layer.Name)).ToDictionary(group => group.Key, group => group.Sum(layer => layer.Cost.BinaryWeights + layer.Cost.RealParameters));
        var actual = network.named_parameters().GroupBy(named => Place(named.name)).ToDictionary(group => group.Key, group => group.Sum(named => named.parameter.numel()));

        Assert.Equal(expected.OrderBy(entry => entry.Key), actual.OrderBy(entry => entry.Key));

        // "cells.3.nodes.2.inputs.1", "cells.3.preprocess.0", "stem.0"
        static string Place(string name) => string.Join('.', name.Split('.').Take(name.Contains(".nodes.", StringComparison.Ordinal) ? 6 : name.StartsWith("cells", StringComparison.Ordinal) ? 4 : 2));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Cost_OfANetwork_HasTheMacsOfItsConvolutions(string architecture, StemKind stem, BinarizationScheme scheme)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture, stem) with { Scheme = scheme };
        using var network = NetworkCatalog.Create(description);
        network.eval();
        var naive = new NaiveNetwork(network, ScalarType.Float32);
        naive.Features(Examples.Images(description, 1));

        var cost = NetworkCatalog.Cost(description, 7);

        Assert.Equal(naive.BinaryMacs, cost.Total.BinaryMacs);
        Assert.Equal(naive.RealMacs + (7 * network.FeatureCount), cost.Total.RealMacs);
    }

    [Fact]
    public void Create_ThePublishedLargeModel_HasTheKnownParameters()
    {
        using var scope = NewDisposeScope();
        using var network = NetworkCatalog.Create(new NetworkDescription
        {
            Genotype = Genotype.FindPreset("DDPNAS_MCN_2"),
            Channels = 108,
            Cells = 10,
            Stem = StemKind.ImageNet,
            ImageHeight = 224,
            ImageWidth = 224,
        });

        var (binary, real) = Count(network);

        Assert.Equal(12_366_000, binary);
        Assert.Equal(2_139_886, real + ((network.FeatureCount + 1) * 1000));
    }

    [Fact]
    public void Cost_OfBiRealNet18_IsThatOfThePaper()
    {
        var description = new NetworkDescription { Architecture = "birealnet18", Stem = StemKind.ImageNet, ImageHeight = 224, ImageWidth = 224 };

        var cost = NetworkCatalog.Cost(description, 1000).Total;
        var real = NetworkCatalog.Cost(description with { Scheme = BinarizationScheme.None }, 1000).Total;

        // arXiv:1808.00278, table 3: 33.6 Mbit and 1.63e8 FLOPs against 374.1 Mbit and 1.81e9 FLOPs of ResNet-18.
        Assert.Equal(10_985_472, cost.BinaryWeights);
        Assert.Equal("33.6", $"{cost.Mbit:F1}");
        Assert.InRange(cost.ConvolutionOps, 1.63e8, 1.64e8);
        Assert.Equal("374.1", $"{real.Mbit:F1}");
        Assert.InRange(real.ConvolutionOps, 1.81e9, 1.82e9);
        Assert.Equal(11_689_512, real.RealParameters);
    }

    [Fact]
    public void Cost_OfBiRealNet20_IsThatOfResNet20()
    {
        var description = new NetworkDescription { Architecture = "birealnet20", Channels = NetworkNames.DefaultChannels("birealnet20"), ImageHeight = 32, ImageWidth = 32 };

        var cost = NetworkCatalog.Cost(description, 10).Total;

        // arXiv:1512.03385, table 6: 0.27 million parameters; counted by hand: 3x3 convolutions of 6 x 16 -> 16, 16 -> 32, 5 x 32 -> 32, 32 -> 64, 5 x 64 -> 64.
        Assert.Equal(9 * ((6 * 256) + 512 + (5 * 1024) + 2048 + (5 * 4096)), cost.BinaryWeights);
        Assert.Equal(9 * ((6 * 256 * 1024) + (512 * 256) + (5 * 1024 * 256) + (2048 * 64) + (5 * 4096 * 64)), cost.Bops);
    }

    [Fact]
    public void Cost_OfReActNetA_IsThatOfThePaper()
    {
        var description = new NetworkDescription { Architecture = "reactnet_a", Stem = StemKind.ImageNet, ImageHeight = 224, ImageWidth = 224 };

        var cost = NetworkCatalog.Cost(description, 1000).Total;

        // arXiv:2003.03488, table 1: 4.82e9 BOPs, 0.12e8 FLOPs, 0.87e8 OPs.
        Assert.Equal("4.82", $"{cost.Bops / 1e9:F2}");
        Assert.Equal("0.12", $"{cost.RealMacs / 1e8:F2}");
        Assert.Equal("0.87", $"{cost.ConvolutionOps / 1e8:F2}");
        long[] inputs = [32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024];
        long[] outputs = [.. inputs.Skip(1), 1024];
        Assert.Equal(inputs.Zip(outputs, (i, o) => (9 * i * i) + (i * o)).Sum(), cost.BinaryWeights);
    }

    [Fact]
    public void Cost_OfAHandMadeNetwork_NamesItsArchitecture()
    {
        var cost = NetworkCatalog.Cost(new NetworkDescription { Architecture = "birealnet18" }, 10);

        Assert.Equal("birealnet18, C 64, 32x32, 10 classes, cifar stem, scheme paper", cost.Describe());
        var json = System.Text.Json.Nodes.JsonNode.Parse(cost.ToJson())!.AsObject();
        Assert.Equal("birealnet18", (string?)json["architecture"]);
        Assert.False(json.ContainsKey("genotype"));
        Assert.Equal(["channels", "input_height", "input_width", "input_channels", "classes", "stem", "scheme"], json["geometry"]!.AsObject().Select(entry => entry.Key));
        Assert.Contains("full", json["groups"]!.AsObject().Select(entry => entry.Key));
    }

    private static (long Binary, long Real) Count(Backbone network)
    {
        var binary = network.BinaryLayers.Sum(layer => layer.Weight.numel());
        return (binary, network.parameters().Sum(parameter => parameter.numel()) - binary);
    }
}
