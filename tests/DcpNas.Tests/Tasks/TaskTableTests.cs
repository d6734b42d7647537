using System.Text.Json.Nodes;
using DcpNas.Inference;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.ReIdentification;

namespace DcpNas.Tests.Tasks;

public sealed class TaskTableTests
{
    public static TheoryData<TaskRow> Rows => [.. TaskTable.All];

    [Fact]
    public void All_Names_AreOfOneTaskEach()
    {
        Assert.Equal(TaskTable.All.Count, TaskNames.All.Distinct().Count());
        Assert.Equal(TaskTable.All.Count, TaskTable.All.Select(row => row.CheckpointName).Distinct().Count());
        Assert.Equal("classification", TaskNames.Default);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Row_ItsOptions_NameItAndCanBeUsed(TaskRow row)
    {
        var options = row.Training() with { Architecture = "birealnet18" };
        Assert.Equal(row.Name, options.Task);
        Assert.Empty(options.Problems());
        Assert.Empty((row.Evaluation() with { Model = "run" }).Problems());
        var other = TaskNames.All.First(name => name != row.Name);
        Assert.Equal([$"task must be {row.Name} here, got '{other}'."], (options with { Task = other }).Problems());
        Assert.Contains($"task must be one of {string.Join(", ", TaskNames.All)}, got 'clasification'. Did you mean 'classification'?", (options with { Task = "clasification" }).Problems());
    }

    /// <summary>Files of versions that knew one task alone name none, and stay equal.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void ToJson_NamesTheTask_UnlessItIsTheDefault(TaskRow row) =>
        Assert.Equal(row.Name == TaskNames.Default ? null : row.Name, (string?)row.Training().ToJson()["task"]);

    [Fact]
    public void OfCheckpoint_OfAnUnknownName_SaysWhich() => Assert.Equal(
        $"a.safetensors: at task, expected one of {string.Join(", ", TaskTable.All.Select(row => row.CheckpointName))} but found 'pose'. Use a version of dcpnas that knows this task.",
        Assert.Throws<InputException>(() => TaskTable.OfCheckpoint("pose", "a.safetensors")).Message);

    [Fact]
    public void Create_OfEveryRow_GivesItsTask()
    {
        Assert.IsType<ClassificationTask>(TaskTable.OfCheckpoint("classification", "x").Create(["a", "b"], [], "x"));
        Assert.IsType<ReIdentificationTask>(TaskTable.OfCheckpoint("re_identification", "x").Create([], new JsonObject { ["persons"] = 3 }, "x"));
        Assert.Equal(PredictionKind.Boxes, TaskTable.OfCheckpoint(DetectionTask.TaskName, "x").Output);
    }
}
