using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.Tasks.Classification;
using DcpNas.Training;

namespace DcpNas.Tests.Training;

public class TrainProfilingTests
{
    private static readonly TrainOptions Tiny = TrainFixture.Tiny with { Dataset = "synthetic", TrainImages = 40, TestImages = 10, BatchSize = 8, Step1Epochs = 3 };

    public TrainProfilingTests() => LibTorch.Load();

    [Fact]
    public void Run_OfATrainingInTwoSteps_CountsTheWorkOfEach()
    {
        using var folder = TrainFixture.Folder();
        var plan = TrainProfiling.Run(Tiny, folder["run"], CancellationToken.None);
        Assert.Equal(
            [("step1_steps", 9L), ("step1_evaluation", 3L), ("final_steps", 6L), ("final_evaluation", 2L), ("test", 1L)],
            plan.Work.Select(work => (work.Name, work.Count)));
        Assert.All(plan.Work, work => Assert.True(work.SecondsEach > 0));
        Assert.True(plan is { Kind: "training", IsExtrapolated: false } && plan.DiskBytes > 3 * plan.CheckpointBytes && plan.CheckpointBytes > 0);
        Assert.Empty(plan.Problems());
        Assert.False(Directory.Exists(folder["run"]), "A plan must write nothing.");
    }

    [Fact]
    public void Run_OfALargeBatch_TriesSmallOnesFirst()
    {
        using var folder = TrainFixture.Folder();
        var plan = TrainProfiling.Run(Tiny with { BatchSize = 20, TwoStep = false }, folder.Path, CancellationToken.None);
        Assert.Equal([("final_steps", 2L), ("final_evaluation", 2L), ("test", 1L)], plan.Work.Select(work => (work.Name, work.Count)));
    }

    [Fact]
    public void MemoryProblem_OfATraining_SaysWhatToLower()
    {
        Assert.Equal(
            "Memory: the training needs 4.00 GB and 2.00 GB are available. Lower batch_size (to 12), channels or cells.",
            RunPlan.MemoryProblem("training", ", channels or cells", 4e9, 2_000_000_000, 12));
        Assert.Null(RunPlan.MemoryProblem("training", "", 2e9, 2_000_000_000, null));
    }
}
