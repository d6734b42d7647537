using System.Text.Json.Nodes;
using DcpNas.Populations;
using DcpNas.Tasks.Classification;

namespace DcpNas.Tests.Populations;

/// <summary>The tables of random networks in the repository belong to the recipes in it; by that of the shapes quickstart places its network.</summary>
public sealed class CommittedTableTests
{
    [Theory]
    [InlineData("shapes.jsonl", "quickstart-train.json", null, null, null, 46)]
    [InlineData("cifar10.jsonl", "cifar10-testbed-train.json", null, null, null, 24)]
    [InlineData("cifar10-brief.jsonl", "cifar10-testbed-train.json", 1, null, null, 24)]
    [InlineData("cifar10-26000.jsonl", "cifar10-testbed-train.json", null, 26_000, 5_000, 10)]
    [InlineData("cifar10-26000-brief.jsonl", "cifar10-testbed-train.json", 1, 26_000, 5_000, 24)]
    public void Table_IsOfTheTrainingOfItsRecipe(string name, string recipe, int? epochs, int? images, int? testImages, int least)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "configs", recipe)))
        {
            root = root.Parent!;
        }

        var table = PopulationTable.Load(Path.Combine(root.FullName, "bench", "tables", name));
        var train = TrainOptions.Load(Path.Combine(root.FullName, "configs", recipe)) with { Genotype = "Tangent_1" };
        train = train with { Epochs = epochs ?? train.Epochs, TrainImages = images ?? train.TrainImages, TestImages = testImages ?? train.TestImages };

        Assert.Null(table.Header.Testbed().FirstDifference((JsonObject)JsonNode.Parse(train.ToJson().ToJsonString())!, recipe));
        Assert.True(table.Sample.Count >= least);
    }
}
