using DcpNas.Cli.Models;
using DcpNas.Inference;
using DcpNas.Tasks;

namespace EndToEnd;

/// <summary>train, evaluate and predict read the task from the command line, an options file or the network.</summary>
public sealed class TaskCommandTests
{
    [Fact]
    public void Help_OfTrain_ShowsTheOptionsOfOneTask()
    {
        foreach (var row in TaskTable.All)
        {
            var help = Cli.Run("train", "--task", row.Name, "--help").Ends(0).Output;
            Assert.All(OptionDeclaration.Of(row.Training().GetType()), declared => Assert.Contains($"--{declared.Key.Replace('_', '-')} ", help, StringComparison.Ordinal));
            Assert.All(TaskTable.All.SelectMany(other => OptionDeclaration.Of(other.Training().GetType())).Select(declared => declared.Key)
                .Except(OptionDeclaration.Of(row.Training().GetType()).Select(declared => declared.Key)),
                key => Assert.DoesNotContain($"--{key.Replace('_', '-')} ", help, StringComparison.Ordinal));
        }

        Assert.Contains("(default 64)", Cli.Run("train", "--task", "reid", "--help").Ends(0).Output, StringComparison.Ordinal);
        Assert.Contains("Alias of train --task detection.", Cli.Run("detect", "train", "--help").Ends(0).Output, StringComparison.Ordinal);
        Assert.Contains("Alias of evaluate --task reid.", Cli.Run("reid", "evaluate", "--help").Ends(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_WithOptionsOfAnotherTask_NamesIt()
    {
        using var folder = new TemporaryFolder();
        Fails($"--task must be one of {string.Join(", ", TaskNames.All)}, got 'detect'. Did you mean 'detection'?", "train", "--run", "run", "--task", "detect");
        Fails("  - --feature-levels is no option of reid, but of detection.", "train", "--run", "run", "--task", "reid", "--feature-levels", "3");
        File.WriteAllText(folder["named.json"], "{ \"task\": \"reid\", \"identities\": 1, \"architecture\": \"birealnet18\" } // a comment");
        Fails("identities must be", "train", "--run", "run", "--config", "named.json");
        Fails("task must be detection here, got 'reid'.", "detect", "train", "--run", "run", "--config", "only-task.json");
        File.WriteAllText(folder["unnamed.json"], "{ \"persons\": 8 }");
        Fails("it names no task, and classification does not have all of its keys, but reid has: add --task reid, or \"task\": \"reid\" to the file.", "train", "--run", "run", "--config", "unnamed.json");
        Fails("unknown key 'persons'.", "train", "--run", "run", "--config", "unnamed.json", "--task", "detection");

        void Fails(string reason, params string[] arguments)
        {
            File.WriteAllText(folder["only-task.json"], "{ \"task\": \"reid\", \"architecture\": \"birealnet18\" }");
            Assert.Contains(reason, Cli.Run(folder.Path, arguments).Ends(2).Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(folder["run"]));
        }
    }

    [Fact]
    public void Output_OfValues_NamesThem()
    {
        var image = new ImageResult("a.png") { Values = [KeyValuePair.Create("age", 41.25), KeyValuePair.Create("height", 1.8)] };
        var output = new ValueOutput([image.File], folder: null);
        Assert.Equal(["file   name                     value", "a.png  age                      41.25", "a.png  height                     1.8"], [output.Heading, .. output.Lines(image)]);
        Assert.Equal("""{"file":"a.png","values":{"age":41.25,"height":1.8}}""", output.Describe(image).ToJsonString());
    }

    /// <summary>A new task is a row and its folder: the commands name none.</summary>
    [Theory]
    [InlineData("Commands/TrainCommand.cs")]
    [InlineData("Commands/EvaluateCommand.cs")]
    [InlineData("Commands/PredictCommand.cs")]
    [InlineData("Commands/FeaturesCommand.cs")]
    [InlineData("Commands/TaskCommand.cs")]
    [InlineData("Commands/TaskGroup.cs")]
    [InlineData("Options/TaskOptionSet.cs")]
    public void Command_OfAllTasks_NamesNone(string file)
    {
        var text = File.ReadAllText(Path.Combine(StartScriptTests.RepositoryRoot(), "src", "DcpNas.Cli", file));
        Assert.DoesNotContain("DcpNas.Tasks.", text, StringComparison.Ordinal);
        Assert.All(TaskTable.All.SelectMany(row => (string[])[row.Name, row.CheckpointName]), name => Assert.DoesNotContain($"\"{name}\"", text, StringComparison.Ordinal));
    }
}
