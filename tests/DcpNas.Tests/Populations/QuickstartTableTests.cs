using System.Text.Json.Nodes;
using DcpNas.Populations;
using DcpNas.Tasks.Classification;

namespace DcpNas.Tests.Populations;

/// <summary>The table by which quickstart places its network belongs to quickstart's training.</summary>
public sealed class QuickstartTableTests
{
    [Fact]
    public void Table_OfTheShapes_IsOfTheTrainingOfQuickstart()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "configs", "quickstart-train.json")))
        {
            root = root.Parent!;
        }

        var table = PopulationTable.Load(Path.Combine(root.FullName, "bench", "tables", "shapes.jsonl"));
        var train = TrainOptions.Load(Path.Combine(root.FullName, "configs", "quickstart-train.json")) with { Genotype = "Tangent_1" };

        Assert.Null(table.Header.Testbed().FirstDifference((JsonObject)JsonNode.Parse(train.ToJson().ToJsonString())!, "quickstart-train.json"));
        Assert.True(table.Sample.Count >= 26);
    }
}
