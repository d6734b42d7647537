using System.Text.Json.Nodes;
using DcpNas.Data;
using DcpNas.Tests.Networks;
using DcpNas.Training;

namespace DcpNas.Tests.Training;

public class ModelInfoTests
{
    private const string Remedy = "Use a checkpoint that dcpnas train wrote.";

    [Fact]
    public void FromJson_OfWhatToJsonWrites_IsTheSame()
    {
        var info = Info() with { TaskDetail = new JsonObject { ["persons"] = 3 } };
        Assert.Equal(info.ToJson().ToJsonString(), ModelInfo.FromJson((JsonObject)JsonNode.Parse(info.ToJson().ToJsonString())!, "x").ToJson().ToJsonString());
        Assert.Equal(info.ToJson().ToJsonString(), ModelInfo.FromJson(info.ToJson(), "x").ToJson().ToJsonString());
        Assert.Empty(ModelInfo.FromJson(Info().ToJson(), "x").TaskDetail);
    }

    [Theory]
    [InlineData("network", null, "network, expected an object but found none")]
    [InlineData("network", "[]", "network, expected an object but found []")]
    [InlineData("task", "7", "task, expected a text but found 7")]
    [InlineData("task", null, "task, expected a text but found none")]
    [InlineData("class_names", "\"a\"", "class_names, expected a list but found 'a'")]
    [InlineData("class_names", "[\"a\", null]", "class_names[1], expected a text but found none")]
    [InlineData("preprocessing", null, "preprocessing, expected an object but found none")]
    [InlineData("dataset", "{}", "dataset, expected a text but found an object")]
    [InlineData("task_detail", "1", "task_detail, expected an object but found 1")]
    [InlineData("preprocessing.height", "0", "preprocessing.height, expected a whole number of at least 1 but found 0")]
    [InlineData("preprocessing.channels", null, "preprocessing.channels, expected a whole number of at least 1 but found none")]
    [InlineData("preprocessing.mean", "[0, 0]", "preprocessing.mean, expected a list of 3 numbers but found [0,0]")]
    [InlineData("preprocessing.std", "[1, 0, 1]", "preprocessing.std, expected numbers above 0 but found [1,0,1]")]
    [InlineData("preprocessing.std", "[1, 1, null]", "preprocessing.std[2], expected a number but found none")]
    [InlineData("preprocessing.stretch", "\"yes\"", "preprocessing.stretch, expected true or false but found 'yes'")]
    [InlineData("preprocessing.resize_to", "1.5", "preprocessing.resize_to, expected a whole number of at least 1 but found 1.5")]
    public void FromJson_WithAFaultyValue_NamesItsPlace(string key, string? value, string expected)
    {
        var json = Info().ToJson();
        var (owner, name) = key.Split('.') is [var part, var inner] ? (json[part]!.AsObject(), inner) : (json, key);
        owner[name] = value is null ? null : JsonNode.Parse(value);

        Assert.Equal($"x: at metadata 'state', model.{expected}. {Remedy}", Assert.Throws<InputException>(() => ModelInfo.FromJson(json, "x")).Message);
    }

    private static ModelInfo Info() => new(
        Examples.Of("birealnet18"), "classification", ["a", "b"], new Preprocessing(16, 24, 3, ChannelStatistics.ImageNet, 40) { Stretch = true }, "synthetic images");
}
