using System.Text.Json.Nodes;
using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;

namespace DcpNas.Tests.Networks;

public class NetworkDescriptionTests
{
    [Theory]
    [InlineData("cells")]
    [InlineData("birealnet18")]
    [InlineData("birealnet20")]
    [InlineData("reactnet_a")]
    public void FromJson_OfToJson_GivesTheSameDescription(string architecture)
    {
        var description = Examples.Of(architecture, StemKind.ImageNet) with
        {
            ImageChannels = 1,
            Scale = ScaleKind.MeanAbs,
            ActivationGradient = SignEstimator.StraightThrough,
            RealWeights = true,
        };

        var json = description.ToJson();

        Assert.Equal(architecture == "cells", json.ContainsKey("genotype"));
        Assert.Equal(architecture == "cells", json.ContainsKey("stem_multiplier"));
        var again = NetworkDescription.FromJson((JsonObject)JsonNode.Parse(json.ToJsonString())!, "checkpoint");
        if (architecture == "cells")
        {
            Assert.Equal(description, again);
            Assert.Equal(description.GetHashCode(), again.GetHashCode());
        }

        Assert.Equal(json.ToJsonString(), again.ToJson().ToJsonString());
    }

    [Theory]
    [InlineData("cells", 36)]
    [InlineData("birealnet18", 64)]
    [InlineData("birealnet20", 16)]
    [InlineData("reactnet_a", 32)]
    public void Channels_NotGiven_AreThoseOfTheSource(string architecture, int channels)
    {
        var description = new NetworkDescription { Architecture = architecture };

        Assert.Equal(channels, description.Channels);
        Assert.Equal(description, description with { Channels = channels });
        Assert.NotEqual(description, description with { Channels = channels + 1 });
    }

    [Fact]
    public void FromJson_OfAFaultyObject_NamesEveryFault()
    {
        var json = (JsonObject)JsonNode.Parse("""{ "architecture": "birealnet18", "chanels": 3, "cells": 4, "stem": "large", "image_width": "x", "scheme": "release" }""")!;

        var error = Assert.Throws<OptionsException>(() => NetworkDescription.FromJson(json, "net.json"));

        Assert.Equal(
            [
                "unknown key 'chanels'. Did you mean 'channels'? Known keys: architecture, channels, stem, image_height, image_width, image_channels, scheme, scale, activation_gradient, real_weights.",
                "cells belongs to the architecture cells, got it for birealnet18.",
                "stem must be one of cifar, imagenet, half, got \"large\".",
                "image_width must be a whole number, got \"x\".",
                "scheme must be none or paper for the architecture birealnet18, got release.",
            ],
            error.Problems);
    }

    [Fact]
    public void Problems_OfImpossibleValues_AreListedAtOnce()
    {
        var description = new NetworkDescription { Channels = 1, Cells = 0, StemMultiplier = 65, ImageHeight = 8, ImageWidth = 9000, ImageChannels = 0, Scheme = BinarizationScheme.None, RealWeights = true };

        Assert.Equal(
            [
                "genotype must be given for the architecture cells, got none.",
                "channels must be from 2 to 4096, got 1.",
                "cells must be from 1 to 1000, got 0.",
                "stem_multiplier must be from 1 to 64, got 65.",
                "image_height must be from 16 to 8192, got 8.",
                "image_width must be from 16 to 8192, got 9000.",
                "image_channels must be from 1 to 4096, got 0.",
                "real_weights must be false with scheme none, whose weights are real anyway, got true.",
            ],
            description.Problems());
    }

    [Fact]
    public void Problems_OfAnUnknownArchitecture_SuggestOne()
    {
        Assert.Equal(
            ["architecture must be one of cells, birealnet18, reactnet_a, birealnet20, got 'birealnet'. Did you mean 'birealnet18'?"],
            new NetworkDescription { Architecture = "birealnet" }.Problems());
        Assert.Equal(
            ["genotype must be absent from the architecture reactnet_a, got one."],
            new NetworkDescription { Architecture = "reactnet_a", Genotype = Examples.Genotype }.Problems());
        var error = Assert.Throws<OptionsException>(() => NetworkCatalog.Create(new NetworkDescription()));
        Assert.Equal("network description cannot be used:\n  - genotype must be given for the architecture cells, got none.", error.Message);
    }
}
